using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Linear;

/// <summary>Determinants of small matrices by elimination with row pivots, written out.</summary>
internal static class DeterminantDecompositions
{
    private const int MaxSize = 32;

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::linalg_det(Tensor A) -> Tensor", (b, a) => Parts(b, a[0].AsValue()) is var (sign, log) ? b.Mul(sign, b.Exp(log)) : throw new InvalidOperationException()),
        One("aten::det(Tensor self) -> Tensor", (b, a) => Parts(b, a[0].AsValue()) is var (sign, log) ? b.Mul(sign, b.Exp(log)) : throw new InvalidOperationException()),
        One("aten::logdet(Tensor self) -> Tensor", LogDeterminant),
        Many("aten::linalg_slogdet(Tensor A) -> (Tensor, Tensor)", (b, a) => Parts(b, a[0].AsValue()) is var (sign, log) ? [sign, log] : []),
        Many("aten::slogdet(Tensor self) -> (Tensor, Tensor)", (b, a) => Parts(b, a[0].AsValue()) is var (sign, log) ? [sign, log] : []),
    ];

    private static Value LogDeterminant(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (sign, log) = Parts(b, a[0].AsValue());
        return b.Where(b.Lt(sign, 0), double.NaN, log);
    }

    /// <summary>Sign and logarithm of the absolute determinant.</summary>
    private static (Value Sign, Value Log) Parts(IGraphBuilder b, Value x)
    {
        var batch = b.Sizes(x)[..^2];
        int size = (int)x.Spec.Sizes[^1].Value;
        if (size > MaxSize)
            throw Unsupported($"a determinant of {size} rows");
        var type = x.Spec.Type;
        var sign = b.Call1("aten::full", batch, 1, type);
        var log = b.Call1("aten::full", batch, 0, type);
        var rest = x;
        for (int n = size; n > 0; n--)
        {
            var column = b.Select(rest, -1, 0);
            var pivotRow = b.Call1("aten::argmax", b.Abs(column), -1, true);
            if (n > 1)
                rest = SwapRows(b, rest, pivotRow, n);
            var pivot = b.Select(b.Select(rest, -1, 0), -1, 0);
            var swapped = b.Where(b.Eq(b.Squeeze(pivotRow, -1), 0), b.Constant(Constants.Filled(type, [], 1)), b.Constant(Constants.Filled(type, [], -1)));
            sign = b.Mul(b.Mul(sign, swapped), b.Call1("aten::sign", pivot));
            log = b.Add(log, b.Log(b.Abs(pivot)));
            if (n == 1)
                break;
            var below = b.Slice(rest, -2, 1, n);
            var factors = b.Div(b.Slice(below, -1, 0, 1), b.Unsqueeze(b.Unsqueeze(pivot, -1), -1));
            rest = b.Sub(b.Slice(below, -1, 1, n), b.Mul(factors, b.Slice(b.Slice(rest, -2, 0, 1), -1, 1, n)));
        }
        return (sign, log);
    }

    private static Value SwapRows(IGraphBuilder b, Value x, Value pivotRow, int size)
    {
        var rows = b.Constant(Constants.Longs([.. Enumerable.Range(0, size).Select(i => (long)i)]));
        var order = b.Where(b.Eq(rows, pivotRow), 0, rows);
        order = b.Where(b.Eq(rows, 0), pivotRow, order);
        return b.Call1("aten::gather", x, x.Spec.Rank - 2, b.Expand(b.Unsqueeze(order, -1), b.Sizes(x)));
    }
}
