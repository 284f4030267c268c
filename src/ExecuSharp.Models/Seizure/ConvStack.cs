using System.Globalization;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.Seizure;

/// <summary>
/// The convolutions of a DeepEpiCnn: <c>conv_stack.i</c> in a Sequential, a convolution and its normalisation at 3k and 3k+1, or at 4k and 4k+1 where
/// dropout layers are between. Convolutions are found by their rank-3 weights.
/// </summary>
internal sealed class ConvStack
{
    private const string Prefix = "conv_stack.";
    private const double Epsilon = 1e-5;

    private readonly Checkpoint checkpoint;
    private readonly List<Block> blocks = [];

    public ConvStack(Checkpoint checkpoint)
    {
        this.checkpoint = checkpoint;
        var indices = checkpoint.Names.Select(Index).Where(i => i >= 0).Distinct().Order().ToList();
        var convolutions = indices.Where(IsConvolution).ToList();
        int step = convolutions.All(i => i % 3 == 0) ? 3 : 4;
        // regular numbering also names what is missing; otherwise what is there decides
        var starts = indices.Count > 0 && convolutions.TrueForAll(i => i % step == 0)
            ? Enumerable.Range(0, (indices[^1] / step) + 1).Select(k => k * step)
            : convolutions;
        long inputs = 1;
        foreach (int start in starts)
        {
            var weight = checkpoint.Tensors.GetValueOrDefault($"{Prefix}{start}.weight");
            long outputs = DenseHead.NormWidth(checkpoint, $"{Prefix}{start}", $"{Prefix}{start + 1}") ?? inputs;
            if (blocks.Count == 0 && weight is { Shape: [_, var first, _] })
                inputs = first;
            blocks.Add(new Block(start, inputs, outputs, weight is { Shape: [_, _, var kernel] } ? kernel : 5));
            inputs = outputs;
        }
    }

    /// <summary>Number of convolutions.</summary>
    public int Count => blocks.Count;

    /// <summary>Channels of the input.</summary>
    public long Inputs => blocks[0].Inputs;

    /// <summary>Channels of the output.</summary>
    public long Outputs => blocks[^1].Outputs;

    /// <summary>The shortest input of which one position is left.</summary>
    public int MinimumLength
    {
        get
        {
            long length = 1;
            for (int k = blocks.Count - 1; k >= 0; k--)
                length = ((length - 1) * Stride(k)) + blocks[k].Kernel;
            return (int)Math.Min(length, SeizureConfiguration.MaxLength);
        }
    }

    public void Require(KeyCheck check)
    {
        foreach (var block in blocks)
        {
            DenseHead.RequireLinear(check, $"{Prefix}{block.Index}", block.Outputs, block.Inputs, block.Kernel);
            DenseHead.RequireNorm(check, $"{Prefix}{block.Index + 1}", block.Outputs);
        }
    }

    /// <summary>x is [batch, channels, length].</summary>
    public Value Add(Layers layers, Value x)
    {
        for (int k = 0; k < blocks.Count; k++)
        {
            var (weight, bias) = BatchNormFold.Apply(checkpoint, $"{Prefix}{blocks[k].Index}", $"{Prefix}{blocks[k].Index + 1}", Epsilon);
            x = layers.Relu(layers.Convolution(x, weight, bias, [Stride(k)], [0], $"{Prefix}{blocks[k].Index}"));
        }
        return x;
    }

    /// <summary>The fifth and the tenth convolution skip every second position.</summary>
    private static int Stride(int index) => index is 4 or 9 ? 2 : 1;

    private bool IsConvolution(int index) => checkpoint.Tensors.TryGetValue($"{Prefix}{index}.weight", out var weight) && weight.Shape.Length == 3;

    private static int Index(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return -1;
        int dot = name.IndexOf('.', Prefix.Length);
        return dot > 0 && int.TryParse(name.AsSpan(Prefix.Length, dot - Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < 10_000 ? index : -1;
    }

    private sealed record Block(int Index, long Inputs, long Outputs, long Kernel);
}
