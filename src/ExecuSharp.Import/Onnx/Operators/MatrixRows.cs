using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Matrix products.</summary>
internal static class MatrixRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("MatMul", 1, n => ElementwiseRows.Wrap(n, Product(n.Aten, n.In(0), n.In(1)))),
        new("Gemm", 1, n => Gemm(n, n.In(0), n.In(1), n.Opt(2))),
        new("MatMulInteger", 10, n => [OnnxNode.As(IntegerProduct(n), OnnxDataType.Int32)]),
        new("Einsum", 12, n => Einsum.Apply(n)),
        new("Det", 11, n => Determinant(n.Aten, n.X)),
    ];

    /// <summary>numpy's matmul: a vector on the left is a row, on the right a column.</summary>
    public static Value Product(Aten a, Value x, Value y)
    {
        int left = x.Spec.Rank, right = y.Spec.Rank;
        if (left == 0 || right == 0)
            throw new InvalidOperationException("a matrix product of numbers");
        if (left == 1)
            x = a.View(x, [1, x.Spec.Sizes[0]]);
        if (right == 1)
            y = a.View(y, [y.Spec.Sizes[0], 1]);
        if (x.Spec.Sizes[^1].Value != y.Spec.Sizes[^2].Value)
            throw new InvalidOperationException($"inner sizes {x.Spec.Sizes[^1]} and {y.Spec.Sizes[^2]} differ");
        var product = a.Matmul(x, y);
        Dim[] sizes = product.Spec.Sizes;
        if (right == 1)
            sizes = sizes[..^1];
        if (left == 1)
            sizes = right == 1 ? sizes[..^1] : [.. sizes[..^2], sizes[^1]];
        return a.View(product, sizes);
    }

    public static Value Gemm(OnnxNode n, Value x, Value y, Value? c)
    {
        var a = n.Aten;
        double alpha = n.Float("alpha", 1), beta = n.Float("beta", 1);
        if (n.Flag("transA"))
            x = a.Transpose(x, 0, 1);
        if (n.Flag("transB"))
            y = a.Transpose(y, 0, 1);
        if (x.Spec.Rank != 2 || y.Spec.Rank != 2 || x.Spec.Sizes[1].Value != y.Spec.Sizes[0].Value)
            throw n.Bad("matrices whose inner sizes agree", $"{x.Spec} and {y.Spec}");
        bool floating = x.Spec.Type.IsFloating();
        if (c is not null && alpha == 1 && beta == 1)
            return a.Call("aten::addmm", c, x, y);
        if (c is not null && floating)
            return a.Call("aten::addmm", c, x, y, beta, alpha);
        var product = a.Call("aten::mm", x, y);
        if (alpha != 1)
            product = a.Mul(product, alpha);
        return c is null ? product : a.Add(product, a.Mul(c, beta));
    }

    /// <summary>The zero point of a row or column as something to subtract from a matrix.</summary>
    private static Value Centered(OnnxNode n, int index, int zeroPoint, bool perRow)
    {
        var a = n.Aten;
        var x = a.Cast(n.In(index), ScalarType.Int);
        if (n.Opt(zeroPoint) is not { } zero)
            return x;
        zero = a.Cast(zero, ScalarType.Int);
        if (zero.Spec.Rank == 1 && perRow && zero.Spec.Sizes[0] != 1)
            zero = a.View(zero, [zero.Spec.Sizes[0], 1]);
        return a.Sub(x, zero);
    }

    private static Value IntegerProduct(OnnxNode n) => Product(n.Aten, Centered(n, 0, 2, perRow: true), Centered(n, 1, 3, perRow: false));

    private static Value Determinant(Aten a, Value x)
    {
        int size = (int)x.Spec.Sizes[^1].Value;
        if (x.Spec.Rank < 2 || x.Spec.Sizes[^2].Value != size)
            throw new InvalidOperationException($"{x.Spec} is not square");
        if (size > 5)
            throw new OnnxUnsupportedException($"a determinant of size {size}; at most 5");
        int row = x.Spec.Rank - 2, column = x.Spec.Rank - 1;
        var cells = new Value[size, size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                cells[i, j] = a.Select(a.Select(x, column, j), row, i);
        return Expand(0, [.. Enumerable.Range(0, size)]);

        // Laplace expansion along the first row that is left.
        Value Expand(int i, int[] columns)
        {
            if (columns.Length == 1)
                return cells[i, columns[0]];
            Value? sum = null;
            for (int k = 0; k < columns.Length; k++)
            {
                var term = a.Mul(cells[i, columns[k]], Expand(i + 1, [.. columns.Where((_, c) => c != k)]));
                sum = sum is null ? term : k % 2 == 0 ? a.Add(sum, term) : a.Sub(sum, term);
            }
            return sum!;
        }
    }
}
