using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Compiler;

/// <summary>The first release whose XNNPACK backend has a node, where that is later than 0.3.</summary>
public static class XnnNodeReleases
{
    /// <summary>Nodes by release.</summary>
    public static IReadOnlyList<(XnnNodeType Node, ExecuTorchRelease Since)> Later { get; } =
    [
        (XnnNodeType.BatchMatrixMultiply, new(0, 4)),
        (XnnNodeType.Concatenate5, new(0, 6)), (XnnNodeType.ConvTranspose2d, new(0, 6)), (XnnNodeType.ReciprocalSquareRoot, new(0, 6)),
        (XnnNodeType.Log, new(0, 7)), (XnnNodeType.Gelu, new(0, 7)), (XnnNodeType.Tanh, new(0, 7)), (XnnNodeType.Exp, new(0, 7)),
        (XnnNodeType.Sin, new(1, 1)), (XnnNodeType.Copy, new(1, 1)), (XnnNodeType.Cos, new(1, 1)),
    ];

    /// <summary>The first release with the node; the default for those that all releases have.</summary>
    public static ExecuTorchRelease First(XnnNodeType node) => Later.FirstOrDefault(l => l.Node == node).Since;
}
