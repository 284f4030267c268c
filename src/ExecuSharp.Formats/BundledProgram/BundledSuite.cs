namespace ExecuSharp.Formats.BundledProgram;

/// <summary>The test cases of a method.</summary>
public sealed record BundledSuite(string Method, IReadOnlyList<BundledCase> Cases);
