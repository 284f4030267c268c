namespace ExecuSharp.Tests.Conformance.Programs;

/// <summary>Tests that measure the whole process and so run when no other test does.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class AloneCollection;
