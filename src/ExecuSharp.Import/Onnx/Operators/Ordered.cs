using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>
/// The largest or smallest elements with the lower index first among equal ones, which ONNX promises and the runtime's topk does not (it is used where pairs would be too many): an element's place is
/// the number of elements before it, found by comparing all pairs.
/// </summary>
internal static class Ordered
{
    private const long MaxPairs = 1 << 20;

    private static bool Fits(Value x, int axis) => x.Spec.IsStatic && x.Spec.MaxNumel * x.Spec.Sizes[axis].Value <= MaxPairs;

    public static (Value Values, Value Indices) TopK(Aten a, Value x, int axis, long k, bool largest)
    {
        if (!Fits(x, axis))
        {
            var both = a.CallMany("aten::topk", x, k, axis, largest, true);
            return (both[0], both[1]);
        }
        int rank = x.Spec.Rank;
        long size = Aten.Sizes(x)[axis];
        if (k < 0 || k > size)
            throw new InvalidOperationException($"the {k} largest of {size}");
        if (rank == 0)
            return (x, a.Number(0, ScalarType.Long));
        var last = a.Transpose(x, axis, rank - 1);
        Value self = a.Unsqueeze(last, rank), other = a.Unsqueeze(last, rank - 1);
        long[] all = Aten.Indices(size);
        Value row = a.Longs(all, (int)size, 1), column = a.Longs(all, 1, (int)size);
        var before = a.Or(largest ? a.Gt(other, self) : a.Lt(other, self), a.And(a.Eq(other, self), a.Lt(column, row)));
        var place = a.Sum(a.Cast(before, ScalarType.Long), [rank], false);
        // indices[p]: the element whose place is p.
        var wanted = a.Longs(all[..(int)k], (int)k, 1);
        var indices = a.Sum(a.Mul(a.Cast(a.Eq(a.Unsqueeze(place, rank - 1), wanted), ScalarType.Long), column), [rank], false);
        indices = a.Transpose(indices, axis, rank - 1);
        return (a.Call("aten::gather", x, axis, indices), indices);
    }
}
