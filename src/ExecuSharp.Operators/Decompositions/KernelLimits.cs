using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions;

/// <summary>
/// Arguments that PyTorch takes and the runtime's kernel refuses or computes otherwise. Such a call is written with others before it becomes a node.
/// </summary>
public static class KernelLimits
{
    /// <summary>The results of the rewritten call, or null if the kernel takes these arguments.</summary>
    /// <param name="op">Functional name.</param>
    /// <param name="b">Where the calls go.</param>
    /// <param name="a">Complete arguments.</param>
    public static Value[]? Adapt(string op, IGraphBuilder b, IReadOnlyList<Argument> a) => op switch
    {
        "aten::constant_pad_nd" => Pad(b, a),
        "aten::linear" when a[0].AsSpec().Rank == 1 => [b.Squeeze(b.Call1(op, b.Unsqueeze(a[0].AsValue(), 0), a[1], a[2]), 0)],
        "aten::convolution" when a[1].AsSpec().Rank == 5 => [b.Call1("aten::convolution_overrideable", [.. a])],
        "aten::cat" => Join(b, a),
        "aten::gather" or "aten::scatter.src" or "aten::scatter.value" or "aten::scatter_add" when a[2].AsSpec().Type is not (ScalarType.Long or ScalarType.Int) =>
            b.CallMany(op, [a[0], a[1], b.Cast(a[2].AsValue(), ScalarType.Long), .. a.Skip(3)]),
        "aten::remainder.Tensor" or "aten::remainder.Scalar" when ShapeRules.ResultType(a[0], a[1]).IsIntegral() => [Remainder(b, a[0], a[1])],
        "aten::amax" or "aten::amin" when a[0].AsSpec().MaxNumel == 0 => [Empty(b, a)],
        "aten::_softmax" or "aten::_log_softmax" when a[0].AsSpec().Type == ScalarType.Double => [Softmax(b, op, a[0].AsValue(), a[1].AsInt())],
        "aten::cumsum" or "aten::roll" or "aten::flip" when a[0].AsSpec().Rank == 0 => [op == "aten::cumsum" ? CumulativeNumber(b, a) : a[0].AsValue()],
        "aten::sum.dim_IntList" or "aten::mean.dim" when a[0].AsSpec().Rank == 0 && !a[1].IsNone && a[1].AsList().Count > 0 =>
            b.CallMany(op, a[0], Array.Empty<Argument>(), a[2], a[3]),
        "aten::_native_batch_norm_legit_no_training" when a[0].AsSpec().MaxNumel == 0 =>
            [a[0].AsValue(), b.Constant(Tensor.Empty(a[0].AsSpec().Type, [0])), b.Constant(Tensor.Empty(a[0].AsSpec().Type, [0]))],
        "aten::max_pool2d_with_indices_backward" => [PoolGradient(b, a[0].AsValue(), a[1].AsValue(), a[7].AsValue())],
        "aten::unfold_copy" when a[0].AsSpec().Rank == 0 => [b.Slice(b.View(a[0].AsValue(), (Argument)1), 0, 0, a[2])],
        "aten::abs" when a[0].AsSpec().Type.IsComplex() => [Magnitude(b, a[0])],
        _ => null,
    };

    /// <summary>The kernel adds into memory that it does not clear.</summary>
    private static Value PoolGradient(IGraphBuilder b, Value gradient, Value x, Value indices)
    {
        var lead = b.Sizes(x)[..^2];
        var flat = b.View(b.FullLike(x, 0), [.. lead, -1]);
        var sum = b.Call1("aten::scatter_add", flat, lead.Length, b.View(indices, [.. lead, -1]), b.View(gradient, [.. lead, -1]));
        return b.View(sum, b.Sizes(x));
    }

    private static Value Magnitude(IGraphBuilder b, Argument x)
    {
        var parts = b.Call1("aten::view_as_real_copy", x);
        return b.Sqrt(b.Sum(b.Mul(parts, parts), [-1]));
    }

    /// <summary>A negative padding cuts.</summary>
    private static Value[]? Pad(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        if (a[1].AsList().Any(p => !p.IsInt) || a[1].AsInts() is not { } pad || Array.TrueForAll(pad, p => p >= 0))
            return null;
        var x = a[0].AsValue();
        for (int i = 0; i < pad.Length / 2; i++)
        {
            int dim = x.Spec.Rank - 1 - i;
            var end = pad[(2 * i) + 1] < 0 ? Numbers.Add(b, b.SizeOf(x, dim), pad[(2 * i) + 1]) : Argument.None;
            x = b.Slice(x, dim, Math.Max(-pad[2 * i], 0), end);
        }
        long[] grown = Array.ConvertAll(pad, p => Math.Max(p, 0));
        return [Array.TrueForAll(grown, p => p == 0) ? x : b.Call1("aten::constant_pad_nd", x, grown, a[2])];
    }

    /// <summary>The kernel leaves out empty tensors, also where their other sizes count.</summary>
    private static Value[]? Join(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        Value[] parts = [.. a[0].AsList().Select(t => t.AsValue())];
        if (!Array.TrueForAll(parts, p => p.Spec.MaxNumel == 0 && p.Spec.IsStatic) || parts.All(p => p.Spec.Rank == 1))
            return null;
        var shaped = parts.Where(p => p.Spec.Rank > 1).ToArray();
        int dim = Specs.WrapDim(a[1].AsInt(), shaped[0].Spec.Rank);
        long[] sizes = [.. shaped[0].Spec.Sizes.Select(s => s.Value)];
        sizes[dim] = shaped.Sum(p => p.Spec.Sizes[dim].Value);
        var type = parts.Aggregate(parts[0].Spec.Type, (t, p) => ScalarTypes.Promote(t, p.Spec.Type));
        return [b.Call1("aten::full", sizes, 0, type)];
    }

    /// <summary>The remainder with the divisor's sign; the kernel gives integers the dividend's.</summary>
    private static Value Remainder(IGraphBuilder b, Argument x, Argument y) => b.Sub(x, b.Mul(b.FloorDiv(x, y), y));

    private static Value Empty(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var spec = a[0].AsSpec();
        return b.Call1("aten::full", ShapeRules.Reduce(spec.Sizes, ShapeRules.Dims(a[1]), a[2].AsBool()).Select(s => (Argument)s.Value).ToArray(), 0, spec.Type);
    }

    private static Value Softmax(IGraphBuilder b, string op, Value x, long dim)
    {
        long[] dims = x.Spec.Rank == 0 ? [] : [dim];
        var shifted = b.Sub(x, b.Amax(x, dims, keepDim: true));
        var exp = b.Exp(shifted);
        var sum = b.Sum(exp, dims, keepDim: true);
        return op == "aten::_softmax" ? b.Div(exp, sum) : b.Sub(shifted, b.Log(sum));
    }

    private static Value CumulativeNumber(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var type = a[0].AsSpec().Type;
        return b.Cast(a[0].AsValue(), !a[2].IsNone ? a[2].AsScalarType() : type.IsIntegral() || type == ScalarType.Bool ? ScalarType.Long : type);
    }
}
