using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Convolution;

/// <summary>Lists of window parameters: one element applies to all axes.</summary>
internal static class WindowParameters
{
    /// <summary>An entry of a list; one element stands for all, and an empty list for <paramref name="otherwise"/>.</summary>
    public static long At(ReadOnlySpan<long> list, int axis, long otherwise = 1) =>
        list.Length == 0 ? otherwise : list[list.Length == 1 ? 0 : axis];

    /// <summary>The list has one element or one for each axis, all at least <paramref name="least"/>.</summary>
    public static void Check(string name, ReadOnlySpan<long> list, int axes, long least, bool mayBeEmpty = false)
    {
        KernelChecks.Require(list.Length == 1 || list.Length == axes || (mayBeEmpty && list.Length == 0), $"{name} has {list.Length} entries for {axes} axes");
        foreach (long value in list)
            KernelChecks.Require(value >= least && value <= int.MaxValue, $"{name} is {value}");
    }

    /// <summary>Number of windows along an axis.</summary>
    public static long Windows(long size, long kernel, long stride, long padding, long dilation, bool ceil)
    {
        long room = size + (2 * padding) - (dilation * (kernel - 1)) - 1 + (ceil ? stride - 1 : 0);
        long count = (room / stride) + 1;
        return ceil && (count - 1) * stride >= size + padding ? count - 1 : count;
    }

    /// <summary>Number of windows along an axis at compile time.</summary>
    public static Dim Windows(Dim size, long kernel, long stride, long padding, long dilation, bool ceil)
    {
        if (size.IsStatic)
            return Windows(size.Value, kernel, stride, padding, dilation, ceil);
        var count = ((size + ((2 * padding) - (dilation * (kernel - 1)) - 1 + (ceil ? stride - 1 : 0))) / stride) + 1;
        // The last window starts inside the input: count <= ceil((size + padding) / stride).
        return ceil ? Dim.Min(count, (size + (padding + stride - 1)) / stride) : count;
    }
}
