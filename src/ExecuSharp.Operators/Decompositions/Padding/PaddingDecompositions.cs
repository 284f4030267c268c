using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Padding;

/// <summary>The modes of torch.nn.functional.pad.</summary>
internal static class PaddingDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::pad(Tensor self, SymInt[] pad, str mode=\"constant\", float? value=None) -> Tensor", Pad),
        One("aten::_pad_circular(Tensor self, SymInt[] pad) -> Tensor", (b, a) => Circular(b, a[0].AsValue(), a[1].AsInts())),
    ];

    private static Value Pad(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        int dims = a[1].AsList().Count / 2;
        switch (a[2].AsString())
        {
            case "constant":
                return b.Call1("aten::constant_pad_nd", x, a[1], a[3].IsNone ? 0.0 : a[3]);
            case "reflect":
                return b.Call1($"aten::reflection_pad{dims}d", x, a[1]);
            case "replicate":
                return b.Call1($"aten::replication_pad{dims}d", x, a[1]);
            case "circular":
                return Circular(b, x, a[1].AsInts());
            default:
                throw Unsupported($"pad mode {a[2]}");
        }
    }

    private static Value Circular(IGraphBuilder b, Value x, long[] pad)
    {
        for (int i = 0; i < pad.Length / 2; i++)
        {
            int dim = x.Spec.Rank - 1 - i;
            long before = pad[2 * i], after = pad[(2 * i) + 1], size = x.Spec.Sizes[dim].Value;
            var center = b.Slice(x, dim, Math.Max(-before, 0), size + Math.Min(after, 0));
            long kept = center.Spec.Sizes[dim].Value;
            var parts = new List<Value>();
            if (before > 0)
                parts.Add(b.Slice(center, dim, kept - before, kept));
            parts.Add(center);
            if (after > 0)
                parts.Add(b.Slice(center, dim, 0, after));
            x = b.Cat(parts, dim);
        }
        return x;
    }
}
