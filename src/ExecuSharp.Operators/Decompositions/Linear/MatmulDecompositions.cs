using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Linear;

/// <summary>Products of vectors, matrices and batches of matrices.</summary>
internal static class MatmulDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::matmul(Tensor self, Tensor other) -> Tensor", (b, a) => Matmul(b, a[0].AsValue(), a[1].AsValue())),
        One("aten::linalg_matmul(Tensor self, Tensor other) -> Tensor", (b, a) => Matmul(b, a[0].AsValue(), a[1].AsValue())),
        One("aten::mv(Tensor self, Tensor vec) -> Tensor", (b, a) => Matmul(b, a[0].AsValue(), a[1].AsValue())),
        One("aten::dot(Tensor self, Tensor tensor) -> Tensor", (b, a) => Matmul(b, a[0].AsValue(), a[1].AsValue())),
        One("aten::vdot(Tensor self, Tensor other) -> Tensor", (b, a) => Matmul(b, a[0].AsValue(), a[1].AsValue())),
        One("aten::inner(Tensor self, Tensor other) -> Tensor", Inner),
        One("aten::outer(Tensor self, Tensor vec2) -> Tensor", Outer),
        One("aten::ger(Tensor self, Tensor vec2) -> Tensor", Outer),
        One("aten::addmv(Tensor self, Tensor mat, Tensor vec, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            (b, a) => Scaled(b, a[0], Matmul(b, a[1].AsValue(), a[2].AsValue()), a[3], a[4])),
        One("aten::addr(Tensor self, Tensor vec1, Tensor vec2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            (b, a) => Scaled(b, a[0], Outer(b, [a[1], a[2]]), a[3], a[4])),
        One("aten::baddbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            (b, a) => Scaled(b, a[0], b.Bmm(a[1], a[2]), a[3], a[4])),
        One("aten::addbmm(Tensor self, Tensor batch1, Tensor batch2, *, Scalar beta=1, Scalar alpha=1) -> Tensor",
            (b, a) => Scaled(b, a[0], b.Sum(b.Bmm(a[1], a[2]), [0]), a[3], a[4])),
        One("aten::chain_matmul(Tensor[] matrices) -> Tensor", (b, a) => MultiDot(b, a)),
        One("aten::linalg_multi_dot(Tensor[] tensors) -> Tensor", (b, a) => MultiDot(b, a)),
        One("aten::linalg_vecdot(Tensor x, Tensor y, *, int dim=-1) -> Tensor", (b, a) => b.Sum(b.Mul(a[0], a[1]), [a[2].AsInt()])),
        One("aten::bilinear(Tensor input1, Tensor input2, Tensor weight, Tensor? bias=None) -> Tensor", Bilinear),
        One("aten::kron(Tensor self, Tensor other) -> Tensor", Kron),
        One("aten::tensordot(Tensor self, Tensor other, int[] dims_self, int[] dims_other) -> Tensor", TensorDot),
    ];

    /// <summary>PyTorch's matmul of tensors of any rank.</summary>
    public static Value Matmul(IGraphBuilder b, Value x, Value y)
    {
        int rx = x.Spec.Rank, ry = y.Spec.Rank;
        if (rx == 0 || ry == 0)
            throw new InvalidOperationException("matmul of a zero-dimensional tensor");
        if (rx == 1)
            return b.Squeeze(Matmul(b, b.Unsqueeze(x, 0), ry == 1 ? b.Unsqueeze(y, 1) : y), ry == 1 ? [0, 1] : [-2]);
        if (ry == 1)
            return b.Squeeze(Matmul(b, x, b.Unsqueeze(y, 1)), -1);
        if (rx == 2 && ry == 2)
            return b.Mm(x, y);
        if (ry == 2)
        {
            var rows = b.View(x, [b.Product(x, 0, rx - 2), b.SizeOf(x, -1)]);
            return b.View(b.Mm(rows, y), [.. b.Sizes(x)[..^1], b.SizeOf(y, 1)]);
        }
        return Batched(b, x, y);
    }

    private static Value Batched(IGraphBuilder b, Value x, Value y)
    {
        int rx = x.Spec.Rank, ry = y.Spec.Rank;
        if (rx == 3 && ry == 3 && x.Spec.Sizes[0] == y.Spec.Sizes[0])
            return b.Bmm(x, y);
        var (bx, by) = (b.Sizes(x)[..^2], b.Sizes(y)[..^2]);
        var batch = new Argument[Math.Max(bx.Length, by.Length)];
        var sizes = ShapeRules.Broadcast(x.Spec.Sizes[..^2], y.Spec.Sizes[..^2]);
        for (int i = 1; i <= batch.Length; i++)
            batch[^i] = sizes[^i].IsStatic ? sizes[^i].Value : i <= bx.Length && x.Spec.Sizes[^(i + 2)] == sizes[^i] ? bx[^i] : by[^i];
        Argument count = 1;
        foreach (var s in batch)
            count = Numbers.Mul(b, count, s);
        var left = b.View(b.Expand(x, [.. batch, b.SizeOf(x, -2), b.SizeOf(x, -1)]), [count, b.SizeOf(x, -2), b.SizeOf(x, -1)]);
        var right = b.View(b.Expand(y, [.. batch, b.SizeOf(y, -2), b.SizeOf(y, -1)]), [count, b.SizeOf(y, -2), b.SizeOf(y, -1)]);
        return b.View(b.Bmm(left, right), [.. batch, b.SizeOf(x, -2), b.SizeOf(y, -1)]);
    }

    private static Value Inner(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var y = a[1].AsValue();
        if (x.Spec.Rank == 0 || y.Spec.Rank == 0)
            return b.Mul(x, y);
        if (y.Spec.Rank == 1)
            return Matmul(b, x, y);
        var flat = b.View(y, [b.Product(y, 0, y.Spec.Rank - 2), b.SizeOf(y, -1)]);
        return b.View(Matmul(b, x, b.Permute(flat, 1, 0)), [.. b.Sizes(x)[..^1], .. b.Sizes(y)[..^1]]);
    }

    private static Value Outer(IGraphBuilder b, IReadOnlyList<Argument> a) => b.Mul(b.Unsqueeze(a[0].AsValue(), 1), b.Unsqueeze(a[1].AsValue(), 0));

    /// <summary>beta * x + alpha * product; x is not read when beta is 0.</summary>
    private static Value Scaled(IGraphBuilder b, Argument x, Value product, Argument beta, Argument alpha)
    {
        bool isInteger = product.Spec.Type.IsIntegral();
        Value Times(Value v, Argument factor) => factor.AsDouble() == 1 ? v : b.Mul(v, isInteger ? (Argument)factor.AsScalar().ToLong() : factor);
        product = Times(product, alpha);
        if (beta.AsDouble() == 0)
            return product;
        return b.Add(Times(x.AsValue(), beta), product);
    }

    private static Value MultiDot(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var factors = a[0].AsList().Select(t => t.AsValue()).ToList();
        var product = factors[^1];
        for (int i = factors.Count - 2; i >= 0; i--)
            product = Matmul(b, factors[i], product);
        return product;
    }

    private static Value Bilinear(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, y, w) = (a[0].AsValue(), a[1].AsValue(), a[2].AsValue());
        var ws = w.Spec.MaxSizes;
        var lead = b.Sizes(x)[..^1];
        var rows = b.View(x, -1, ws[1]);
        var left = b.View(b.Mm(rows, b.View(b.Permute(w, 1, 0, 2), ws[1], ws[0] * ws[2])), -1, ws[0], ws[2]);
        var result = b.View(b.Sum(b.Mul(left, b.Unsqueeze(b.View(y, -1, ws[2]), 1)), [2]), [.. lead, ws[0]]);
        return a[3].IsNone ? result : b.Add(result, a[3]);
    }

    private static Value Kron(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, y) = (a[0].AsValue(), a[1].AsValue());
        int rank = Math.Max(x.Spec.Rank, y.Spec.Rank);
        Argument[] xs = new Argument[2 * rank], ys = new Argument[2 * rank], result = new Argument[rank];
        for (int i = 0; i < rank; i++)
        {
            int dx = i - (rank - x.Spec.Rank), dy = i - (rank - y.Spec.Rank);
            (xs[2 * i], xs[(2 * i) + 1]) = (dx < 0 ? 1 : b.SizeOf(x, dx), 1);
            (ys[2 * i], ys[(2 * i) + 1]) = (1, dy < 0 ? 1 : b.SizeOf(y, dy));
            result[i] = Numbers.Mul(b, xs[2 * i], ys[(2 * i) + 1]);
        }
        return b.View(b.Mul(b.View(x, xs), b.View(y, ys)), result);
    }

    private static Value TensorDot(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, y) = (a[0].AsValue(), a[1].AsValue());
        int[] dx = [.. a[2].AsInts().Select(d => Layouts.Wrap(x, d))];
        int[] dy = [.. a[3].AsInts().Select(d => Layouts.Wrap(y, d))];
        for (int i = 0; i < dx.Length; i++)
        {
            // A size of 1 meets any other by summing the other.
            if (x.Spec.Sizes[dx[i]].Value == 1 && y.Spec.Sizes[dy[i]].Value != 1)
                y = b.Sum(y, [dy[i]], keepDim: true);
            else if (y.Spec.Sizes[dy[i]].Value == 1 && x.Spec.Sizes[dx[i]].Value != 1)
                x = b.Sum(x, [dx[i]], keepDim: true);
        }
        int[] fx = [.. Enumerable.Range(0, x.Spec.Rank).Except(dx)];
        int[] fy = [.. Enumerable.Range(0, y.Spec.Rank).Except(dy)];
        long inner = dx.Aggregate(1L, (n, d) => n * x.Spec.Sizes[d].Value);
        Argument[] sizes = [.. fx.Select(d => b.SizeOf(x, d)), .. fy.Select(d => b.SizeOf(y, d))];
        var left = b.View(b.Permute(x, [.. fx, .. dx]), Count(b, x, fx), inner);
        var right = b.View(b.Permute(y, [.. dy, .. fy]), inner, Count(b, y, fy));
        return b.View(b.Mm(left, right), sizes);
    }

    private static Argument Count(IGraphBuilder b, Value x, int[] dims)
    {
        Argument n = 1;
        foreach (int d in dims)
            n = Numbers.Mul(b, n, b.SizeOf(x, d));
        return n;
    }
}
