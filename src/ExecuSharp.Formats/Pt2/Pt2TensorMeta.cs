using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pt2;

/// <summary>What is known about a tensor of the graph.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Sizes">Sizes, known or symbolic.</param>
/// <param name="Strides">Strides in elements, known or symbolic.</param>
/// <param name="StorageOffset">The first element in its storage.</param>
/// <param name="RequiresGrad">Whether a gradient was wanted.</param>
/// <param name="Device">Where it was.</param>
/// <param name="Layout">Dense or sparse.</param>
public sealed record Pt2TensorMeta(
    ScalarType Type,
    IReadOnlyList<Pt2SymInt> Sizes,
    IReadOnlyList<Pt2SymInt> Strides,
    Pt2SymInt StorageOffset,
    bool RequiresGrad,
    Pt2Device Device,
    Pt2Layout Layout);
