using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Kernel, strides, dilations and pads of a convolution or pooling, one entry for each spatial dimension.</summary>
internal sealed record Window(long[] Kernel, long[] Strides, long[] Dilations, long[] Before, long[] After, bool Ceil)
{
    public int Rank => Kernel.Length;

    /// <summary>Reads the attributes.</summary>
    /// <param name="n">The node.</param>
    /// <param name="kernel">Kernel sizes where the weight gives them.</param>
    public static Window Of(OnnxNode n, long[]? kernel = null) => Of(n, n.X, kernel);

    /// <summary>Reads the attributes for an input other than the node's first.</summary>
    public static Window Of(OnnxNode n, Value x, long[]? kernel = null)
    {
        kernel = n.Ints("kernel_shape") ?? kernel ?? throw n.Bad("attribute kernel_shape", "none");
        int rank = kernel.Length;
        long[] strides = n.Ints("strides") ?? Ones(rank), dilations = n.Ints("dilations") ?? Ones(rank);
        long[] pads = n.Ints("pads") ?? new long[2 * rank];
        if (x.Spec.Rank != rank + 2 || strides.Length != rank || dilations.Length != rank || pads.Length != 2 * rank
            || kernel.Any(k => k is < 1 or > 1 << 20) || strides.Any(s => s is < 1 or > 1 << 20) || dilations.Any(d => d is < 1 or > 1 << 20) || pads.Any(p => Math.Abs(p) > 1 << 20))
            throw n.Bad($"kernel, strides, dilations and pads for {x.Spec}", $"kernel [{string.Join(", ", kernel)}], strides [{string.Join(", ", strides)}], dilations [{string.Join(", ", dilations)}], pads [{string.Join(", ", pads)}]");
        var window = new Window(kernel, strides, dilations, pads[..rank], pads[rank..], n.Flag("ceil_mode"));
        return n.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" or "" => window,
            "VALID" => window with { Before = new long[rank], After = new long[rank] },
            "SAME_UPPER" => window.Same(x, upper: true),
            "SAME_LOWER" => window.Same(x, upper: false),
            var other => throw n.Bad("auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER", other),
        };
    }

    public long Extent(int d) => ((Kernel[d] - 1) * Dilations[d]) + 1;

    public bool IsSymmetric => Before.AsSpan().SequenceEqual(After);

    /// <summary>The window without pads: they are put around the input instead.</summary>
    public Window Unpadded => this with { Before = new long[Rank], After = new long[Rank], Ceil = false };

    /// <summary>Output sizes for input sizes.</summary>
    public long[] Outputs(long[] input)
    {
        var result = new long[Rank];
        for (int d = 0; d < Rank; d++)
        {
            long span = input[d] + Before[d] + After[d] - Extent(d);
            if (span < 0)
                throw new InvalidOperationException($"a window of {Extent(d)} on a size of {input[d] + Before[d] + After[d]}");
            result[d] = ((Ceil ? span + Strides[d] - 1 : span) / Strides[d]) + 1;
            // A window that would start in the padding after the input is left out.
            if (Ceil && (result[d] - 1) * Strides[d] >= input[d] + Before[d])
                result[d]--;
        }
        return result;
    }

    /// <summary>What must be put after the input so that every output has a full window.</summary>
    public long[] FullAfter(long[] input)
    {
        long[] outputs = Outputs(input);
        return [.. Enumerable.Range(0, Rank).Select(d => Math.Max(After[d], ((outputs[d] - 1) * Strides[d]) + Extent(d) - input[d] - Before[d]))];
    }

    public static long[] Ones(int rank) => [.. Enumerable.Repeat(1L, rank)];

    private Window Same(Value x, bool upper)
    {
        long[] before = new long[Rank], after = new long[Rank];
        for (int d = 0; d < Rank; d++)
        {
            long size = Aten.Sizes(x)[d + 2], output = (size + Strides[d] - 1) / Strides[d];
            long total = Math.Max(0, ((output - 1) * Strides[d]) + Extent(d) - size);
            before[d] = upper ? total / 2 : total - (total / 2);
            after[d] = total - before[d];
        }
        return this with { Before = before, After = after, Ceil = false };
    }
}
