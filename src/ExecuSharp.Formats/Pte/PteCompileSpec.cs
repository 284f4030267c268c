namespace ExecuSharp.Formats.Pte;

/// <summary>An option of a delegate.</summary>
public sealed record PteCompileSpec(string Key, ReadOnlyMemory<byte> Value);
