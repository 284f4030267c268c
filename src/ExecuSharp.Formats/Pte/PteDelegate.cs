namespace ExecuSharp.Formats.Pte;

/// <summary>A delegate: its backend, where its payload is, and its options.</summary>
/// <param name="Id">Backend id, such as <c>XnnpackBackend</c>.</param>
/// <param name="InSegment">True: <paramref name="Index"/> is a segment; false: an entry of the inline data.</param>
/// <param name="Index">Index of the payload.</param>
/// <param name="CompileSpecs">Options.</param>
public sealed record PteDelegate(string Id, bool InSegment, uint Index, IReadOnlyList<PteCompileSpec> CompileSpecs);
