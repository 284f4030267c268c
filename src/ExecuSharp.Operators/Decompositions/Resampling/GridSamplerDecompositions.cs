using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Resampling;

/// <summary>Sampling at given places: two dimensions by the runtime's kernel, three by gathering the corners of each cell.</summary>
internal static class GridSamplerDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::grid_sampler(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor",
            (b, a) => b.Call1(a[0].AsSpec().Rank == 5 ? "aten::grid_sampler_3d" : "aten::grid_sampler_2d", [.. a])),
        One("aten::grid_sampler_3d(Tensor input, Tensor grid, int interpolation_mode, int padding_mode, bool align_corners) -> Tensor", Sample3d),
    ];

    private static Value Sample3d(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, grid) = (a[0].AsValue(), a[1].AsValue());
        bool nearest = a[2].AsInt() == 1, align = a[4].AsBool();
        long padding = a[3].AsInt();
        // The grid's last dimension holds x, y, z; sizes are z, y, x.
        long[] size = [x.Spec.Sizes[4].Value, x.Spec.Sizes[3].Value, x.Spec.Sizes[2].Value];
        var place = new Value[3];
        for (int i = 0; i < 3; i++)
            place[i] = Place(b, b.Select(grid, -1, i), size[i], padding, align);
        var flat = b.View(x, b.SizeOf(x, 0), b.SizeOf(x, 1), size[0] * size[1] * size[2]);
        if (nearest)
            return Corner(b, flat, [.. place.Select(p => b.Call1("aten::round", p))], size, grid);
        var low = Array.ConvertAll(place, p => b.Call1("aten::floor", p));
        var fraction = new Value[3];
        for (int i = 0; i < 3; i++)
            fraction[i] = b.Sub(place[i], low[i]);
        Value? sum = null;
        for (int corner = 0; corner < 8; corner++)
        {
            var at = new Value[3];
            Value? weight = null;
            for (int i = 0; i < 3; i++)
            {
                bool high = ((corner >> i) & 1) != 0;
                at[i] = high ? b.Add(low[i], 1.0) : low[i];
                var part = high ? fraction[i] : b.Call1("aten::rsub.Scalar", fraction[i], 1.0);
                weight = weight is null ? part : b.Mul(weight, part);
            }
            var value = b.Mul(Corner(b, flat, at, size, grid), b.Unsqueeze(weight!, 1));
            sum = sum is null ? value : b.Add(sum, value);
        }
        return sum!;
    }

    /// <summary>From -1 … 1 to elements, then brought inside by the padding mode: 0 zeros, 1 border, 2 reflection.</summary>
    private static Value Place(IGraphBuilder b, Value g, long size, long padding, bool align)
    {
        var place = align
            ? b.Mul(b.Add(g, 1.0), (size - 1) / 2.0)
            : b.Div(b.Sub(b.Mul(b.Add(g, 1.0), (double)size), 1.0), 2.0);
        if (padding == 2)
            place = Reflect(b, place, align ? 0 : -1, align ? 2 * (size - 1) : (2 * size) - 1);
        return padding == 0 ? place : b.Clamp(place, 0.0, (double)(size - 1));
    }

    /// <summary>Reflects between two bounds, which are given doubled.</summary>
    private static Value Reflect(IGraphBuilder b, Value place, long twiceLow, long twiceHigh)
    {
        if (twiceLow == twiceHigh)
            return b.FullLike(place, 0);
        double low = twiceLow / 2.0, span = (twiceHigh - twiceLow) / 2.0;
        var distance = b.Abs(b.Sub(place, low));
        var extra = b.Call1("aten::fmod.Scalar", distance, span);
        var flips = b.Call1("aten::floor", b.Div(distance, span));
        var even = b.Eq(b.Call1("aten::fmod.Scalar", flips, 2.0), 0);
        return b.Where(even, b.Add(extra, low), b.Add(b.Neg(extra), span + low));
    }

    /// <summary>The elements at whole places; 0 outside.</summary>
    private static Value Corner(IGraphBuilder b, Value flat, Value[] at, long[] size, Value grid)
    {
        Value? inside = null, index = null;
        for (int i = 2; i >= 0; i--)
        {
            var ok = b.And(b.Ge(at[i], 0), b.Le(at[i], size[i] - 1));
            inside = inside is null ? ok : b.And(inside, ok);
            var whole = b.Cast(b.Clamp(at[i], 0.0, (double)(size[i] - 1)), ScalarType.Long);
            index = index is null ? whole : b.Add(b.Mul(index, size[i]), whole);
        }
        var shape = b.Sizes(grid)[..^1];
        var rows = b.View(index!, shape[0], 1, -1);
        var found = b.Call1("aten::gather", flat, 2, b.Expand(rows, shape[0], b.SizeOf(flat, 1), -1));
        var shaped = b.View(found, [shape[0], b.SizeOf(flat, 1), .. shape[1..]]);
        return b.Where(b.Unsqueeze(inside!, 1), shaped, b.Constant(Constants.Filled(flat.Spec.Type, [], 0)));
    }
}
