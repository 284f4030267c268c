namespace ExecuSharp.Models.MobileNet;

/// <summary>An inverted residual block: expansion by 1x1, depthwise 3x3, projection by 1x1.</summary>
/// <param name="Prefix">Of its keys.</param>
/// <param name="Expansion">Channels inside over channels before; 1 leaves the expansion out.</param>
/// <param name="Stride">Stride of the depthwise convolution.</param>
/// <param name="Inputs">Channels before.</param>
/// <param name="Outputs">Channels behind.</param>
internal sealed record InvertedResidual(string Prefix, int Expansion, int Stride, long Inputs, long Outputs)
{
    // Table 2 of "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (arXiv 1801.04381): expansion, blocks, stride of the first.
    private static readonly (int Expansion, int Count, int Stride)[] Stages = [(1, 1, 1), (6, 2, 2), (6, 3, 2), (6, 4, 2), (6, 3, 1), (6, 3, 2), (6, 1, 1)];

    /// <summary>Channels of the depthwise convolution.</summary>
    public long Hidden => Inputs * Expansion;

    /// <summary>Key of the depthwise convolution; its normalisation is at 1 instead of the last 0.</summary>
    public string Depthwise => Prefix + (Expansion == 1 ? "conv.0." : "conv.1.");

    /// <summary>Key of the projection.</summary>
    public string Projection => Prefix + (Expansion == 1 ? "conv.1" : "conv.2");

    /// <summary>Key of the projection's normalisation.</summary>
    public string ProjectionNorm => Prefix + (Expansion == 1 ? "conv.2" : "conv.3");

    /// <summary>True if the block's input is added to its output.</summary>
    public bool IsResidual => Stride == 1 && Inputs == Outputs;

    /// <summary>All blocks; <paramref name="channels"/> tells the channels behind a block from the key of its projection.</summary>
    public static IReadOnlyList<InvertedResidual> All(long first, Func<string, long> channels)
    {
        var blocks = new List<InvertedResidual>();
        foreach (var (expansion, count, stride) in Stages)
            for (int i = 0; i < count; i++)
            {
                var block = new InvertedResidual($"features.{blocks.Count + 1}.", expansion, i == 0 ? stride : 1, blocks.Count == 0 ? first : blocks[^1].Outputs, 0);
                blocks.Add(block with { Outputs = channels(block.Projection) });
            }
        return blocks;
    }
}
