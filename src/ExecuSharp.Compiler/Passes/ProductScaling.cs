using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>Writes a product with constants anew, so that its output channels are scaled and shifted.</summary>
internal static class ProductScaling
{
    /// <summary>product·scale + shift as one call of the same operator (<c>mm</c> with a shift: <c>addmm</c>); null if the weight or the bias is no Float constant.</summary>
    /// <param name="product">A linear layer, convolution, <c>addmm</c> or <c>mm</c>.</param>
    /// <param name="scale">A factor for each output channel, or one for all.</param>
    /// <param name="shift">A term for each output channel; null for none.</param>
    /// <param name="rewrite">Where the call goes.</param>
    public static Value? Apply(Node product, float[] scale, float[]? shift, RewriteContext rewrite)
    {
        var (weight, bias) = product.Op switch
        {
            "aten::linear" or "aten::convolution" => (1, 2),
            "aten::addmm" when product.Args[3].AsScalar().ToDouble() == 1 && product.Args[4].AsScalar().ToDouble() == 1 => (2, 0),
            "aten::mm" when shift is null => (1, -1),
            _ => (-1, -1),
        };
        if (weight < 0 || rewrite.Constant(product.Args[weight]) is not { Type: ScalarType.Float } weights)
            return null;
        var old = bias < 0 ? null : rewrite.Constant(product.Args[bias]);
        if (bias >= 0 && old is null && !product.Args[bias].IsNone)
            return null;
        int channels = (int)product.Output.Spec.Sizes[product.Op == "aten::convolution" ? 1 : ^1].Value;
        if (old is not null && old.Numel != channels)
            return null;
        if (scale.Length == 1 && channels > 1)
            scale = [.. Enumerable.Repeat(scale[0], channels)];
        Argument[] args = [.. product.Args];
        args[weight] = rewrite.Builder.Constant(Scaled(weights, product, scale), product.Args[weight].AsValue().Name + ".folded");
        if (old is not null || shift is not null)
        {
            var sum = new float[channels];
            for (int i = 0; i < channels; i++)
                sum[i] = (float)(((old is null ? 0 : (double)TensorTransforms.ToFloat(old, i)) * scale[i]) + (shift is null ? 0 : shift[i]));
            args[bias] = rewrite.Builder.Constant(Tensor.From<float>(sum, channels), product.Name + ".bias.folded");
        }
        return rewrite.Builder.Add(product.Operator, args)[0];
    }

    private static Tensor Scaled(Tensor weight, Node product, float[] scale)
    {
        var scaled = weight.Clone();
        MappedPages.Release(weight.Storage);
        var w = scaled.Span<float>();
        switch (product.Op)
        {
            case "aten::mm" or "aten::addmm":
                for (int i = 0; i < w.Length; i++)
                    w[i] *= scale[i % scale.Length];
                break;
            case "aten::convolution" when product.Args[6].AsBool():
                Transposed(w, weight, (int)product.Args[8].AsInt(), scale);
                break;
            default:
                int row = w.Length / scale.Length;
                for (int i = 0; i < w.Length; i++)
                    w[i] *= scale[i / row];
                break;
        }
        return scaled;
    }

    // A transposed convolution's weight is [in, out/groups, …]: its output channel depends on the group of the input channel.
    private static void Transposed(Span<float> w, Tensor weight, int groups, float[] scale)
    {
        int inputs = weight.Sizes[0], outputs = weight.Sizes[1], taps = w.Length / inputs / outputs, perGroup = inputs / groups;
        for (int i = 0; i < inputs; i++)
            for (int o = 0; o < outputs; o++)
                for (int t = 0; t < taps; t++)
                    w[(((i * outputs) + o) * taps) + t] *= scale[(i / perGroup * outputs) + o];
    }
}
