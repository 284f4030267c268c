using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>
/// Operators on vectors of sizes that are not all fixed: they stay expressions, so that a Reshape at their end knows them. What has no entry here is
/// computed at run time.
/// </summary>
internal static class DimArithmetic
{
    /// <summary>The results, or null if the operator must run on a tensor.</summary>
    public static OnnxValue?[]? TryFold(OnnxNode n)
    {
        if (n.Proto.OpType == "Split" && Vector(n, 0) is { IsScalar: false } whole)
            return Split(n, whole.Dims);
        return One(n) is { } result ? [result] : null;
    }

    private static OnnxValue?[]? Split(OnnxNode n, Dim[] dims)
    {
        long[]? sizes = n.Opset < 13 ? n.Ints("split") : n.OptLongs(1, "the sizes of the parts");
        if (sizes is null)
        {
            int each = (dims.Length + n.OutputCount - 1) / n.OutputCount;
            sizes = [.. Enumerable.Range(0, n.OutputCount).Select(i => (long)Math.Clamp(dims.Length - (i * each), 0, each))];
        }
        if (sizes.Any(s => s < 0) || sizes.Sum() != dims.Length)
            throw n.Bad($"parts of {dims.Length} together", string.Join(", ", sizes));
        int at = 0;
        return [.. sizes.Select(s => (OnnxValue?)Dims.Of(n.Aten, dims[at..(at += (int)s)]))];
    }

    private static OnnxValue? One(OnnxNode n)
    {
        switch (n.Proto.OpType)
        {
            case "Cast" when n.Int("to", 0) == 7:
            case "Identity":
                return n.Any(0);
            case "Add":
                return Pairwise(n, (a, b) => a + b);
            case "Sub":
                return Pairwise(n, (a, b) => a - b);
            case "Mul":
                return Pairwise(n, (a, b) => a * b);
            case "Div":
                return Pairwise(n, (a, b) => a / b);
            case "Mod":
                return Pairwise(n, (a, b) => a % b);
            case "Min" when n.InputCount == 2:
                return Pairwise(n, Dim.Min);
            case "Max" when n.InputCount == 2:
                return Pairwise(n, Dim.Max);
            case "Concat":
                var parts = Enumerable.Range(0, n.InputCount).Select(i => Vector(n, i)).ToArray();
                return parts.All(p => p is { IsScalar: false }) ? Dims.Of(n.Aten, [.. parts.SelectMany(p => p!.Dims)]) : null;
            case "Gather" when Vector(n, 0) is { IsScalar: false } vector && n.Known(1) is { Rank: <= 1 } index:
                return Dims.Of(n.Aten, [.. Values.Longs(index).Select(i => vector.Dims[n.Axis(i, vector.Dims.Length)])], index.Rank == 0);
            case "Slice" when Vector(n, 0) is { IsScalar: false } vector:
                return Slice(n, vector);
            case "Squeeze" when Vector(n, 0) is { Dims.Length: 1 } one:
                return Dims.Of(n.Aten, one.Dims, scalar: true);
            case "Unsqueeze" when Vector(n, 0) is { IsScalar: true } one:
                return Dims.Of(n.Aten, one.Dims);
            case "Reshape" when Vector(n, 0) is { } any && n.Known(1) is { Numel: <= 1 } shape:
                return Dims.Of(n.Aten, any.Dims, scalar: shape.Numel == 0);
            case "ReduceProd" when Vector(n, 0) is { } factors:
                return Dims.Of(n.Aten, [Aten.Product(factors.Dims)], scalar: !n.Flag("keepdims", true));
            default:
                return null;
        }
    }

    private static OnnxValue? Pairwise(OnnxNode n, Func<Dim, Dim, Dim> combine)
    {
        if (Vector(n, 0) is not { } a || Vector(n, 1) is not { } b || (a.Dims.Length != b.Dims.Length && a.Dims.Length != 1 && b.Dims.Length != 1))
            return null;
        int length = Math.Max(a.Dims.Length, b.Dims.Length);
        var result = Enumerable.Range(0, length).Select(i => combine(a.Dims[a.Dims.Length == 1 ? 0 : i], b.Dims[b.Dims.Length == 1 ? 0 : i]));
        return Dims.Of(n.Aten, [.. result], a.IsScalar && b.IsScalar);
    }

    private static OnnxValue? Slice(OnnxNode n, OnnxValue.OfDims vector)
    {
        long[]? starts = n.Opset < 10 ? n.Ints("starts") : n.OptLongs(1, "starts");
        long[]? ends = n.Opset < 10 ? n.Ints("ends") : n.OptLongs(2, "ends");
        long[] steps = (n.Opset < 10 ? null : n.OptLongs(4, "steps")) ?? [1];
        if (starts is not [var start] || ends is not [var end] || steps is not [1])
            return null;
        int length = vector.Dims.Length;
        int from = (int)Math.Clamp(start < 0 ? start + length : start, 0, length);
        int to = (int)Math.Clamp(end < 0 ? end + length : end, 0, length);
        return Dims.Of(n.Aten, from < to ? vector.Dims[from..to] : []);
    }

    private static OnnxValue.OfDims? Vector(OnnxNode n, int index)
    {
        if (!n.Has(index))
            return null;
        if (n.Any(index) is OnnxValue.OfDims d)
            return d;
        return n.Known(index) is { Type: ScalarType.Long, Rank: <= 1 } t ? new OnnxValue.OfDims([.. Values.Longs(t).Select(v => (Dim)v)], t.Rank == 0) : null;
    }
}
