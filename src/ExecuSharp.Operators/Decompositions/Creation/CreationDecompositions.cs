using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Creation;

/// <summary>Tensors made from nothing: filled, counted, spaced.</summary>
internal static class CreationDecompositions
{
    private const string Options = "*, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None";
    private const string LikeOptions = Options + ", MemoryFormat? memory_format=None";

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One($"aten::zeros_like(Tensor self, {LikeOptions}) -> Tensor", (b, a) => b.FullLike(a[0].AsValue(), 0, Type(a[1]))),
        One($"aten::ones_like(Tensor self, {LikeOptions}) -> Tensor", (b, a) => b.FullLike(a[0].AsValue(), 1, Type(a[1]))),
        One($"aten::empty_like(Tensor self, {LikeOptions}) -> Tensor", (b, a) => b.FullLike(a[0].AsValue(), 0, Type(a[1]))),
        One($"aten::new_zeros(Tensor self, SymInt[] size, {Options}) -> Tensor", (b, a) => New(b, a, 0, 2)),
        One($"aten::new_ones(Tensor self, SymInt[] size, {Options}) -> Tensor", (b, a) => New(b, a, 1, 2)),
        One($"aten::new_empty(Tensor self, SymInt[] size, {Options}) -> Tensor", (b, a) => New(b, a, 0, 2)),
        One($"aten::new_empty_strided(Tensor self, SymInt[] size, SymInt[] stride, {Options}) -> Tensor", (b, a) => New(b, a, 0, 3)),
        One($"aten::new_full(Tensor self, SymInt[] size, Scalar fill_value, {Options}) -> Tensor", (b, a) => New(b, a, a[2], 3)),
        One($"aten::empty_strided(SymInt[] size, SymInt[] stride, {Options}) -> Tensor", (b, a) => b.Call1("aten::full", a[0], 0, Type(a[2]) ?? ScalarType.Float)),
        One("aten::empty_permuted(SymInt[] size, int[] physical_layout, *, ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None) -> Tensor", (b, a) => b.Call1("aten::full", a[0], 0, Type(a[2]) ?? ScalarType.Float)),
        One($"aten::eye(SymInt n, {Options}) -> Tensor", (b, a) => Eye(b, a[0].AsInt(), a[0].AsInt(), Type(a[1]))),
        One($"aten::eye.m(SymInt n, SymInt m, {Options}) -> Tensor", (b, a) => Eye(b, a[0].AsInt(), a[1].AsInt(), Type(a[2]))),
        One($"aten::arange.start(Scalar start, Scalar end, {Options}) -> Tensor", (b, a) => Range(b, a[0], a[1], 1, a[2])),
        One($"aten::linspace(Scalar start, Scalar end, SymInt steps, {Options}) -> Tensor", (b, a) => b.Cast(Space(b, a), Type(a[3]) ?? ScalarType.Float)),
        One($"aten::linspace.Tensor_Tensor(Tensor start, Tensor end, SymInt steps, {Options}) -> Tensor", (b, a) => b.Cast(Space(b, a), Type(a[3]) ?? ScalarType.Float)),
        One($"aten::linspace.Tensor_Scalar(Tensor start, Scalar end, SymInt steps, {Options}) -> Tensor", (b, a) => b.Cast(Space(b, a), Type(a[3]) ?? ScalarType.Float)),
        One($"aten::linspace.Scalar_Tensor(Scalar start, Tensor end, SymInt steps, {Options}) -> Tensor", (b, a) => b.Cast(Space(b, a), Type(a[3]) ?? ScalarType.Float)),
        One($"aten::logspace(Scalar start, Scalar end, SymInt steps, float base=10.0, {Options}) -> Tensor", LogSpace),
        One($"aten::logspace.Tensor_Tensor(Tensor start, Tensor end, SymInt steps, float base=10.0, {Options}) -> Tensor", LogSpace),
        One($"aten::logspace.Tensor_Scalar(Tensor start, Scalar end, SymInt steps, float base=10.0, {Options}) -> Tensor", LogSpace),
        One($"aten::logspace.Scalar_Tensor(Scalar start, Tensor end, SymInt steps, float base=10.0, {Options}) -> Tensor", LogSpace),
        One($"aten::tril_indices(int row, int col, int offset=0, {Options}) -> Tensor", (b, a) => Triangle(b, a, (r, c, o) => c - r <= o)),
        One($"aten::triu_indices(int row, int col, int offset=0, {Options}) -> Tensor", (b, a) => Triangle(b, a, (r, c, o) => c - r >= o)),
        One("aten::one_hot(Tensor self, int num_classes=-1) -> Tensor", OneHot),
        Many("aten::meshgrid(Tensor[] tensors) -> Tensor[]", (b, a) => Mesh(b, a[0], "ij")),
        Many("aten::meshgrid.indexing(Tensor[] tensors, *, str indexing) -> Tensor[]", (b, a) => Mesh(b, a[0], a[1].AsString())),
    ];

    private static ScalarType? Type(Argument type) => type.IsNone ? null : type.AsScalarType();

    private static Value New(IGraphBuilder b, IReadOnlyList<Argument> a, Argument value, int type) =>
        b.Call1("aten::full", a[1], value, Type(a[type]) ?? a[0].AsSpec().Type);

    private static Value Eye(IGraphBuilder b, long rows, long columns, ScalarType? type)
    {
        var values = new double[rows * columns];
        for (long i = 0; i < Math.Min(rows, columns); i++)
            values[(i * columns) + i] = 1;
        return b.Constant(Constants.Of(type ?? ScalarType.Float, [(int)rows, (int)columns], values));
    }

    private static Value Range(IGraphBuilder b, Argument start, Argument end, Argument step, Argument type)
    {
        bool floating = start.IsDouble || end.IsDouble || (end.IsValue && end.AsValue().Kind == ValueKind.Double);
        return b.Call1("aten::arange.start_step", start, end, step, Type(type) ?? (floating ? ScalarType.Float : ScalarType.Long));
    }

    /// <summary>From both ends to the middle, as PyTorch computes it.</summary>
    private static Value Space(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        int steps = (int)a[2].AsInt();
        var type = Type(a.Count > 7 ? a[4] : a[3]) ?? ScalarType.Float;
        if (type.IsFloating() && !Emit.IsTensor(a[0]) && !Emit.IsTensor(a[1]))
        {
            double from = a[0].AsDouble(), to = a[1].AsDouble(), step = steps > 1 ? (to - from) / (steps - 1) : 0;
            return b.Constant(Constants.Of(type, [steps], [.. Enumerable.Range(0, steps).Select(i => i < steps / 2 || steps == 1 ? from + (step * i) : to - (step * (steps - 1 - i)))]));
        }
        var (start, end) = (AsFloat(b, a[0]), AsFloat(b, a[1]));
        if (steps == 0)
            return b.Constant(Tensor.Empty(ScalarType.Float, [0]));
        var width = b.Div(b.Sub(end, start), Math.Max(steps - 1, 1));
        int half = steps == 1 ? 1 : steps / 2;
        var low = b.Add(b.Mul(b.Constant(Constants.Of(ScalarType.Float, [half], [.. Enumerable.Range(0, half).Select(i => (double)i)])), width), start);
        if (half == steps)
            return low;
        var high = b.Sub(end, b.Mul(b.Constant(Constants.Of(ScalarType.Float, [steps - half], [.. Enumerable.Range(0, steps - half).Select(i => (double)(steps - half - 1 - i))])), width));
        return b.Cat([low, high], 0);
    }

    private static Value AsFloat(IGraphBuilder b, Argument x) => Emit.IsTensor(x) ? b.Floating(x.AsValue()) : b.Number(x.AsDouble());

    private static Value LogSpace(IGraphBuilder b, IReadOnlyList<Argument> a) => b.Cast(b.Pow(a[3], Space(b, a)), Type(a[4]) ?? ScalarType.Float);

    private static Value Triangle(IGraphBuilder b, IReadOnlyList<Argument> a, Func<long, long, long, bool> rule)
    {
        var places = new List<(long Row, long Column)>();
        for (long r = 0; r < a[0].AsInt(); r++)
            for (long c = 0; c < a[1].AsInt(); c++)
                if (rule(r, c, a[2].AsInt()))
                    places.Add((r, c));
        var values = Constants.Longs([2, places.Count], [.. places.Select(p => p.Row), .. places.Select(p => p.Column)]);
        return b.Cast(b.Constant(values), Type(a[3]) ?? ScalarType.Long);
    }

    private static Value OneHot(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        if (a[1].AsInt() < 0)
            throw Unsupported("one_hot without a number of classes");
        var classes = b.Constant(Constants.Longs([.. Enumerable.Range(0, (int)a[1].AsInt()).Select(i => (long)i)]));
        return b.Cast(b.Eq(b.Unsqueeze(a[0].AsValue(), -1), classes), ScalarType.Long);
    }

    private static Value[] Mesh(IGraphBuilder b, Argument list, string indexing)
    {
        Value[] axes = [.. list.AsList().Select(t => t.AsValue())];
        bool swap = indexing == "xy" && axes.Length >= 2;
        if (swap)
            (axes[0], axes[1]) = (axes[1], axes[0]);
        Argument[] sizes = [.. axes.Select(x => x.Spec.Rank == 0 ? 1 : b.SizeOf(x, 0))];
        var grids = new Value[axes.Length];
        for (int i = 0; i < grids.Length; i++)
        {
            var shape = Enumerable.Repeat((Argument)1, axes.Length).ToArray();
            shape[i] = sizes[i];
            grids[i] = b.Expand(b.View(axes[i], shape), sizes);
        }
        if (swap)
            (grids[0], grids[1]) = (grids[1], grids[0]);
        return grids;
    }
}
