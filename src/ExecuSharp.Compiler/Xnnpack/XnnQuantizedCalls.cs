using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Calls between dequantize and quantize, which XNNPACK computes on codes, and products of dynamically quantized values.</summary>
internal static class XnnQuantizedCalls
{
    private enum Kind
    {
        Product,
        Sum,
        Multiply,
        Average,
        Range,
        Pool,
        Move,
    }

    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal)
    {
        ["aten::linear"] = Kind.Product,
        ["aten::addmm"] = Kind.Product,
        ["aten::mm"] = Kind.Product,
        ["aten::convolution"] = Kind.Product,
        ["aten::add.Tensor"] = Kind.Sum,
        ["aten::sub.Tensor"] = Kind.Sum,
        ["aten::mul.Tensor"] = Kind.Multiply,
        ["aten::mean.dim"] = Kind.Average,
        ["aten::_adaptive_avg_pool2d"] = Kind.Average,
        ["aten::relu"] = Kind.Range,
        ["aten::hardtanh"] = Kind.Range,
        ["aten::clamp"] = Kind.Range,
        ["aten::max_pool2d_with_indices"] = Kind.Pool,
        ["aten::upsample_bilinear2d.vec"] = Kind.Move,
        ["aten::view_copy"] = Kind.Move,
        ["aten::unsqueeze_copy"] = Kind.Move,
        ["aten::squeeze_copy.dim"] = Kind.Move,
        ["aten::squeeze_copy.dims"] = Kind.Move,
        ["aten::clone"] = Kind.Move,
        ["aten::permute_copy"] = Kind.Move,
        ["aten::t_copy"] = Kind.Move,
        ["aten::transpose_copy.int"] = Kind.Move,
        ["aten::slice_copy.Tensor"] = Kind.Move,
        ["aten::select_copy.int"] = Kind.Move,
        ["aten::constant_pad_nd"] = Kind.Move,
        ["aten::cat"] = Kind.Move,
    };

    /// <summary>Writes a member of a delegate, on codes where it can be.</summary>
    public static void Lower(Node node, HashSet<Node> members, XnnBuilder builder)
    {
        if (builder.IsDone(node))
            return;
        var lower = XnnRules.Table[node.Op].Lower;
        if (Kinds.TryGetValue(node.Op, out var kind))
        {
            if (kind == Kind.Product && builder.Quantized.IsDynamicProduct(node))
            {
                builder.OnDynamicCodes(() => lower(node, builder));
                return;
            }
            if (TryOnCodes(node, kind, members, builder))
                return;
        }
        lower(node, builder);
    }

    private static bool TryOnCodes(Node node, Kind kind, HashSet<Node> members, XnnBuilder builder)
    {
        var quantized = builder.Quantized;
        var codes = Activations(node, kind).Select(a => a.IsValue ? quantized.Codes(a.AsValue()) : null).ToList();
        if (codes.Contains(null))
            return false;
        var (quantizer, range) = (quantized.QuantizerOf(node.Output), (Node?)null);
        if (quantizer is null && kind is not (Kind.Move or Kind.Range or Kind.Average) && quantized.OnlyUser(node.Output) is { } user && members.Contains(user) && XnnElementwiseRules.RangeOf(user) is not null)
            (quantizer, range) = (quantized.QuantizerOf(user.Output), user);
        if (quantizer is null || !members.Contains(quantizer))
            return false;
        XnnPerTensor[] inputs = [.. codes.Select(c => quantized.ParametersOf(c!)!)];
        var output = quantized.ParametersOf(quantizer.Output)!;
        if (!Fits(node, kind, inputs, output, quantized))
            return false;
        builder.OnCodes(node.Output, quantizer.Output, () => XnnRules.Table[node.Op].Lower(node, builder));
        builder.SetDone(quantizer);
        if (range is not null)
        {
            var (min, max) = XnnElementwiseRules.RangeOf(range)!.Value;
            builder.FuseRange(quantizer.Output, min, max);
            builder.SetDone(range);
        }
        return true;
    }

    private static IEnumerable<Argument> Activations(Node node, Kind kind) =>
        node.Op == "aten::cat" ? node.Args[0].AsList() : kind == Kind.Product ? [XnnProduct.Of(node)!.Input] : kind is Kind.Sum or Kind.Multiply ? node.Args.Take(2) : node.Args.Take(1);

    // The bounds are those of XNNPACK's fixed-point factors.
    private static bool Fits(Node node, Kind kind, XnnPerTensor[] inputs, XnnPerTensor output, QuantizedValues quantized) => kind switch
    {
        Kind.Product => FitsProduct(node, inputs[0], output, quantized),
        Kind.Sum => inputs.All(i => i.Scale / output.Scale is >= 1f / 1024 and < 256),
        Kind.Multiply => inputs[0].Scale * inputs[1].Scale / output.Scale is >= 1f / 65536 and < 256,
        Kind.Average => XnnSpatialRules.IsImageMean(node) && inputs[0].Scale / output.Scale is >= 1f / 256 and < 256,
        _ => inputs.All(output.Equals),
    };

    private static bool FitsProduct(Node node, XnnPerTensor input, XnnPerTensor output, QuantizedValues quantized)
    {
        var product = XnnProduct.Of(node)!;
        if (quantized.Constant(product.Weight) is not { Group: 0 } weight || weight.Symmetric() is null)
            return false;
        bool transposed = node.Op == "aten::convolution" && node.Args[6].AsBool();
        if (weight.Axis >= 0 && (weight.Axis != product.Channel || (transposed && node.Args[8].AsInt() != 1)))
            return false;
        return weight.Scales.All(s => s > 0 && (double)input.Scale * s / output.Scale is >= 1.0 / (1L << 32) and < 256);
    }
}
