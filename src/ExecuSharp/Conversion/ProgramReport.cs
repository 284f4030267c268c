using ExecuSharp.Comparison;

namespace ExecuSharp.Conversion;

/// <summary>One program of a conversion.</summary>
/// <param name="Name">Name of the program; empty for the only one.</param>
/// <param name="Path">Where it was written.</param>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">Checksum of the file.</param>
/// <param name="Operators">Kernel calls by operator.</param>
/// <param name="Delegates">Number of delegates.</param>
/// <param name="DelegatedNodes">Nodes in them.</param>
/// <param name="PlannedBytes">Planned memory.</param>
/// <param name="Comparison">Outputs against the source.</param>
/// <param name="Layers">The gap behind every operator, if asked for.</param>
/// <param name="Reasons">Why nodes stayed outside the delegates.</param>
/// <param name="DataPath">The <c>.ptd</c> of weights beside the program, or null.</param>
/// <param name="DataBytes">Size of that file.</param>
public sealed record ProgramReport(
    string Name, string Path, long Bytes, string Sha256, IReadOnlyDictionary<string, int> Operators, int Delegates, int DelegatedNodes, long PlannedBytes,
    ModelComparison Comparison, IReadOnlyList<LayerGap> Layers, IReadOnlyDictionary<string, string> Reasons, string? DataPath, long DataBytes);
