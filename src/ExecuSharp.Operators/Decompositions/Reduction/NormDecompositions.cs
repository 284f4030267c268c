using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Reduction;

/// <summary>Vector and matrix norms, distances.</summary>
internal static class NormDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            (b, a) => Vector(b, Typed(b, a[0], a[4]), a[1].AsDouble(), Over(a[0], a[2]), a[3].AsBool())),
        One("aten::norm.Scalar(Tensor self, Scalar p=2) -> Tensor", (b, a) => Vector(b, a[0].AsValue(), a[1].AsDouble(), Over(a[0], Argument.None), false)),
        One("aten::norm.ScalarOpt_dtype(Tensor self, Scalar? p, *, ScalarType dtype) -> Tensor", (b, a) => Vector(b, Typed(b, a[0], a[2]), Order(a[1]), Over(a[0], Argument.None), false)),
        One("aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor", (b, a) => Vector(b, a[0].AsValue(), Order(a[1]), Over(a[0], a[2]), a[3].AsBool())),
        One("aten::norm.ScalarOpt_dim_dtype(Tensor self, Scalar? p, int[1] dim, bool keepdim, *, ScalarType dtype) -> Tensor", (b, a) => Vector(b, Typed(b, a[0], a[4]), Order(a[1]), Over(a[0], a[2]), a[3].AsBool())),
        One("aten::frobenius_norm.dim(Tensor self, int[1] dim, bool keepdim=False) -> Tensor", (b, a) => Vector(b, a[0].AsValue(), 2, Over(a[0], a[1]), a[2].AsBool())),
        One("aten::linalg_norm(Tensor self, Scalar? ord=None, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor", General),
        One("aten::linalg_norm.ord_str(Tensor self, str ord, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            (b, a) => Named(b, Typed(b, a[0], a[4]), a[1].AsString(), a[2].IsNone ? [-2, -1] : a[2].AsInts(), a[3].AsBool())),
        One("aten::linalg_matrix_norm(Tensor self, Scalar ord, int[] dim=[-2,-1], bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            (b, a) => Matrix(b, Typed(b, a[0], a[4]), a[1].AsDouble(), a[2].AsInts(), a[3].AsBool())),
        One("aten::linalg_matrix_norm.str_ord(Tensor self, str ord='fro', int[] dim=[-2,-1], bool keepdim=False, *, ScalarType? dtype=None) -> Tensor",
            (b, a) => Named(b, Typed(b, a[0], a[4]), a[1].AsString(), a[2].AsInts(), a[3].AsBool())),
        One("aten::dist(Tensor self, Tensor other, Scalar p=2) -> Tensor", Distance),
        One("aten::pairwise_distance(Tensor x1, Tensor x2, float p=2, float eps=1e-06, bool keepdim=False) -> Tensor",
            (b, a) => Vector(b, b.Add(b.Sub(a[0], a[1]), a[3]), a[2].AsDouble(), [-1], a[4].AsBool())),
        One("aten::cdist(Tensor x1, Tensor x2, float p=2, int? compute_mode=None) -> Tensor", Pairwise),
        One("aten::cosine_similarity(Tensor x1, Tensor x2, int dim=1, float eps=1e-08) -> Tensor", Cosine),
    ];

    /// <summary>The p-norm over dimensions.</summary>
    public static Value Vector(IGraphBuilder b, Value x, double p, long[] dims, bool keepDim)
    {
        x = b.Floating(x);
        switch (p)
        {
            case 0:
                return b.Sum(b.Cast(b.Ne(x, 0), x.Spec.Type), dims, keepDim);
            case 1:
                return b.Sum(b.Abs(x), dims, keepDim);
            case 2:
                return b.Sqrt(b.Sum(b.Mul(x, x), dims, keepDim));
            case double.PositiveInfinity:
                return b.Amax(b.Abs(x), dims, keepDim);
            case double.NegativeInfinity:
                return b.Amin(b.Abs(x), dims, keepDim);
            default:
                return b.Pow(b.Sum(b.Pow(b.Abs(x), p), dims, keepDim), 1 / p);
        }
    }

    private static Value General(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = Typed(b, a[0], a[4]);
        long[] dims = Over(a[0], a[2]);
        bool matrix = !a[1].IsNone && (a[2].IsNone ? x.Spec.Rank == 2 : dims.Length == 2);
        return matrix ? Matrix(b, x, a[1].AsDouble(), dims, a[3].AsBool()) : Vector(b, x, Order(a[1]), dims, a[3].AsBool());
    }

    private static Value Named(IGraphBuilder b, Value x, string ord, long[] dims, bool keepDim) =>
        ord == "fro" ? Vector(b, x, 2, dims, keepDim) : SingularValues(b, x, dims, keepDim, (trace, root, _) => b.Sqrt(b.Add(trace, b.Mul(root, 2.0))));

    /// <summary>
    /// A norm of the singular values of matrices with at most two rows or columns: of the trace of the Gram matrix, the root of its determinant, and the
    /// difference of its eigenvalues.
    /// </summary>
    private static Value SingularValues(IGraphBuilder b, Value x, long[] dims, bool keepDim, Func<Value, Value, Value, Value> norm)
    {
        int row = Layouts.Wrap(x, dims[0]), column = Layouts.Wrap(x, dims[1]);
        var last = b.Permute(x, [.. Enumerable.Range(0, x.Spec.Rank).Where(d => d != row && d != column), row, column]);
        if (last.Spec.Sizes[^2].Value > last.Spec.Sizes[^1].Value)
            last = b.Swap(last, -1, -2);
        if (last.Spec.Sizes[^2].Value > 2)
            throw Unsupported($"a norm of the singular values of {x.Spec}");
        Value result;
        if (last.Spec.Sizes[^2].Value < 2)
        {
            result = Vector(b, last, 2, [-2, -1], keepDim: false);
        }
        else
        {
            Value p = b.Select(last, -2, 0), q = b.Select(last, -2, 1);
            Value pp = b.Sum(b.Mul(p, p), [-1]), qq = b.Sum(b.Mul(q, q), [-1]), pq = b.Sum(b.Mul(p, q), [-1]);
            var root = b.Sqrt(b.Clamp(b.Sub(b.Mul(pp, qq), b.Mul(pq, pq)), 0.0, Argument.None));
            var half = b.Sub(pp, qq);
            var spread = b.Sqrt(b.Add(b.Mul(half, half), b.Mul(b.Mul(pq, pq), 4.0)));
            result = norm(b.Add(pp, qq), root, spread);
        }
        if (!keepDim)
            return result;
        foreach (int d in new[] { Math.Min(row, column), Math.Max(row, column) })
            result = b.Unsqueeze(result, d);
        return result;
    }

    private static Value Matrix(IGraphBuilder b, Value x, double ord, long[] dims, bool keepDim)
    {
        if (Math.Abs(ord) == 2)
            return SingularValues(b, x, dims, keepDim, (trace, _, spread) => b.Sqrt(b.Mul(b.Clamp(ord > 0 ? b.Add(trace, spread) : b.Sub(trace, spread), 0.0, Argument.None), 0.5)));
        bool rows = double.IsInfinity(ord);
        if (Math.Abs(ord) != 1 && !rows)
            throw Unsupported($"matrix norm {ord}");
        long row = Layouts.Wrap(x, dims[0]), column = Layouts.Wrap(x, dims[1]);
        var sums = b.Sum(b.Abs(x), [rows ? column : row], keepDim: true);
        long other = rows ? row : column;
        var result = ord > 0 ? b.Amax(sums, [other], keepDim: true) : b.Amin(sums, [other], keepDim: true);
        return keepDim ? result : b.Squeeze(result, row, column);
    }

    private static Value Distance(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var difference = b.Sub(a[0], a[1]);
        return Vector(b, difference, a[2].AsDouble(), Over(difference, Argument.None), false);
    }

    /// <summary>Distances between all rows; by broadcasting where the batches differ.</summary>
    private static Value Pairwise(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, y) = (a[0].AsValue(), a[1].AsValue());
        if (x.Spec.Rank == y.Spec.Rank && x.Spec.Sizes[..^2].AsSpan().SequenceEqual(y.Spec.Sizes[..^2]))
            return b.Call1("aten::_cdist_forward", x, y, a[2], a[3]);
        return Vector(b, b.Sub(b.Unsqueeze(x, -2), b.Unsqueeze(y, -3)), a[2].AsDouble(), [-1], false);
    }

    private static Value Cosine(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, y) = (b.Floating(a[0].AsValue()), b.Floating(a[1].AsValue()));
        var both = b.Broadcast(x, y);
        (x, y) = (both[0], both[1]);
        long[] dim = [a[2].AsInt()];
        double eps = a[3].AsDouble();
        Value Unit(Value v) => b.Div(v, b.Clamp(Vector(b, v, 2, dim, keepDim: true), eps, Argument.None));
        return b.Sum(b.Mul(Unit(x), Unit(y)), dim);
    }

    private static double Order(Argument p) => p.IsNone ? 2 : p.AsDouble();

    private static long[] Over(Argument x, Argument dims) =>
        dims.IsNone || (dims.IsList && dims.AsList().Count == 0) ? [.. Enumerable.Range(0, x.AsSpec().Rank).Select(d => (long)d)] : ShapeRules.Dims(dims);

    private static Value Typed(IGraphBuilder b, Argument x, Argument type) => type.IsNone ? x.AsValue() : b.Cast(x.AsValue(), type.AsScalarType());
}
