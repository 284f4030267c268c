using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Convolution;

/// <summary>
/// Three-dimensional convolution as one two-dimensional one: the depth positions of the kernel become channels, the depth positions of the output
/// become batch entries.
/// </summary>
internal static class Convolution3d
{
    public static Value Convolve(IGraphBuilder b, ConvolutionGeometry g, Value input, Value weight, Value? bias)
    {
        var result = g.Transposed ? Transposed(b, g, input, weight) : Plain(b, g, input, weight);
        return bias is null ? result : b.Add(result, b.View(bias, bias.Spec.Sizes[0].Value, 1, 1, 1));
    }

    private static Value Plain(IGraphBuilder b, ConvolutionGeometry g, Value input, Value weight)
    {
        var w = weight.Spec.MaxSizes;
        int depth = w[2];
        if (g.Padding[0] > 0)
            input = b.Call1("aten::constant_pad_nd", input, (long[])[0, 0, 0, 0, g.Padding[0], g.Padding[0]], 0);
        var x = input.Spec.MaxSizes;
        long outDepth = ((x[2] - (g.Dilation[0] * (depth - 1)) - 1) / g.Stride[0]) + 1;
        var parts = new Value[depth];
        for (int k = 0; k < depth; k++)
        {
            long start = k * g.Dilation[0];
            parts[k] = b.Slice(input, 2, start, start + ((outDepth - 1) * g.Stride[0]) + 1, g.Stride[0]);
        }
        var channels = b.Permute(b.Stack(parts, 2), 0, 3, 1, 2, 4, 5);
        var planes = b.View(channels, x[0] * outDepth, x[1] * depth, x[3], x[4]);
        var flat = b.View(weight, w[0], w[1] * depth, w[3], w[4]);
        var y = b.Call1("aten::convolution", planes, flat, Argument.None, g.Stride[1..], g.Padding[1..], g.Dilation[1..], false, (long[])[0, 0], g.Groups);
        var s = y.Spec.MaxSizes;
        return b.Permute(b.View(y, x[0], outDepth, w[0], s[2], s[3]), 0, 2, 1, 3, 4);
    }

    private static Value Transposed(IGraphBuilder b, ConvolutionGeometry g, Value input, Value weight)
    {
        var x = input.Spec.MaxSizes;
        var w = weight.Spec.MaxSizes;
        int depth = w[2];
        long outChannels = w[1] * g.Groups;
        var planes = b.View(b.Permute(input, 0, 2, 1, 3, 4), x[0] * x[2], x[1], x[3], x[4]);
        var flat = b.View(weight, w[0], w[1] * depth, w[3], w[4]);
        var y = b.Call1("aten::convolution", planes, flat, Argument.None, g.Stride[1..], g.Padding[1..], g.Dilation[1..], true, g.OutputPadding[1..], g.Groups);
        var s = y.Spec.MaxSizes;
        var split = b.Permute(b.View(y, x[0], x[2], outChannels, depth, s[2], s[3]), 3, 0, 2, 1, 4, 5);
        long full = ((x[2] - 1) * g.Stride[0]) + (g.Dilation[0] * (depth - 1)) + 1 + g.OutputPadding[0];
        Value? sum = null;
        for (int k = 0; k < depth; k++)
        {
            var spread = Spread(b, b.Select(split, 0, k), g.Stride[0]);
            long before = k * g.Dilation[0], after = full - before - spread.Spec.Sizes[2].Value;
            var placed = b.Call1("aten::constant_pad_nd", spread, (long[])[0, 0, 0, 0, before, after], 0);
            sum = sum is null ? placed : b.Add(sum, placed);
        }
        return b.Slice(sum!, 2, g.Padding[0], full - g.Padding[0]);
    }

    /// <summary>Puts stride - 1 planes of zeros between the planes of dimension 2.</summary>
    private static Value Spread(IGraphBuilder b, Value x, long stride)
    {
        if (stride == 1)
            return x;
        var s = x.Spec.MaxSizes;
        var padded = b.Call1("aten::constant_pad_nd", b.Unsqueeze(x, 3), (long[])[0, 0, 0, 0, 0, stride - 1], 0);
        return b.Slice(b.View(padded, s[0], s[1], s[2] * stride, s[3], s[4]), 2, 0, ((s[2] - 1) * stride) + 1);
    }
}
