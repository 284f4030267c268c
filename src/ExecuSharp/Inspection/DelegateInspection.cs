namespace ExecuSharp.Inspection;

/// <summary>A delegate of a method.</summary>
/// <param name="Index">Position.</param>
/// <param name="Backend">Backend id.</param>
/// <param name="Bytes">Size of the payload.</param>
/// <param name="Identifier">Generation of an XNNPACK payload.</param>
/// <param name="Nodes">Nodes of an XNNPACK payload with types and sizes.</param>
/// <param name="Calls">Calls in the method.</param>
/// <param name="Problem">Why the payload cannot be read, or null.</param>
public sealed record DelegateInspection(int Index, string Backend, long Bytes, string? Identifier, IReadOnlyList<string> Nodes, int Calls, string? Problem);
