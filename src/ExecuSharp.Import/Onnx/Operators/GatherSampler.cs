using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Reads a tensor [N, C, sizes…] at positions that are computed at run time.</summary>
internal sealed class GatherSampler
{
    private readonly Aten a;
    private readonly Value flat;
    private readonly long[] space;
    private readonly long channels;

    public GatherSampler(Aten a, Value x)
    {
        this.a = a;
        long[] sizes = Aten.Sizes(x);
        space = sizes[2..];
        channels = sizes[1];
        flat = a.View(x, sizes[0], channels, space.Aggregate(1L, (p, s) => p * s));
    }

    /// <summary>Elements at whole positions; those outside count as zero.</summary>
    /// <param name="at">For each dimension positions [N, P], whole numbers in the tensor's float type.</param>
    /// <returns>[N, C, P]</returns>
    public Value At(Value[] at)
    {
        Value? inside = null, index = null;
        for (int d = 0; d < at.Length; d++)
        {
            var within = a.And(a.Ge(at[d], 0), a.Le(at[d], space[d] - 1));
            inside = inside is null ? within : a.And(inside, within);
            var position = a.Cast(a.Clamp(at[d], 0, space[d] - 1), ScalarType.Long);
            index = index is null ? position : a.Add(a.Mul(index, space[d]), position);
        }
        long[] s = Aten.Sizes(index!);
        var all = a.Call("aten::gather", flat, 2, a.Expand(a.Unsqueeze(index!, 1), s[0], channels, s[1]));
        return a.Where(a.Unsqueeze(inside!, 1), all, 0);
    }

    /// <summary>Multilinear interpolation; outside the tensor is zero.</summary>
    /// <param name="at">For each dimension positions [N, P].</param>
    /// <param name="combine">How the weighted corners become one number; their sum if null.</param>
    public Value Linear(Value[] at, Func<Value, Value, Value>? combine = null)
    {
        var low = Array.ConvertAll(at, a.Floor);
        Value? sum = null;
        for (int corner = 0; corner < 1 << at.Length; corner++)
        {
            var position = new Value[at.Length];
            Value? weight = null;
            for (int d = 0; d < at.Length; d++)
            {
                bool upper = (corner >> d & 1) != 0;
                position[d] = upper ? a.Add(low[d], 1) : low[d];
                var rest = a.Sub(at[d], low[d]);
                var part = upper ? rest : a.Sub(a.Number(1, rest), rest);
                weight = weight is null ? part : a.Mul(weight, part);
            }
            var term = a.Mul(At(position), a.Unsqueeze(weight!, 1));
            sum = sum is null ? term : combine is null ? a.Add(sum, term) : combine(sum, term);
        }
        return sum!;
    }
}
