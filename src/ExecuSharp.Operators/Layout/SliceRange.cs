using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Layout;

/// <summary>Python's slice: negative ends count from the end, ends beyond the size are cut.</summary>
internal readonly record struct SliceRange(long Start, long Length)
{
    public static SliceRange Of(long size, long? start, long? end, long step)
    {
        long from = Cut(start ?? 0, size), to = Cut(end ?? size, size);
        return new SliceRange(from, from >= to ? 0 : ((to - 1 - from) / step) + 1);
    }

    /// <summary>The length at compile time.</summary>
    public static Dim LengthOf(Dim size, Argument start, Argument end, long step)
    {
        var from = start.IsNone ? 0 : Cut(start.AsDim(), size);
        var to = end.IsNone ? size : Cut(end.AsDim(), size);
        var length = (to - from + (step - 1)) / step;
        return from is { IsStatic: true, Value: 0 } ? length : Dim.Max(length, 0);
    }

    private static long Cut(long index, long size) => Math.Clamp(index < 0 ? index + size : index, 0, size);

    private static Dim Cut(Dim index, Dim size)
    {
        if (!index.IsStatic)
            return Dim.Min(index, size);
        if (size.IsStatic)
            return Cut(index.Value, size.Value);
        if (index.Value < 0)
            return Dim.Max(size + index.Value, 0);
        long least = size.Expression is SymExpr.Symbol symbol ? symbol.Min : 0;
        return index.Value <= least ? index : index.Value >= size.Value ? size : Dim.Min(index, size);
    }
}
