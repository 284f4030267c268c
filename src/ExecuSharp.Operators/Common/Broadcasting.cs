using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>The common shape of operands.</summary>
internal static class Broadcasting
{
    /// <summary>Room for the sizes of any tensor.</summary>
    public const int MaxRank = 16;

    /// <summary>Gives the output the common shape of two operands.</summary>
    public static void ResizeOut(Tensor a, Tensor b, Tensor output)
    {
        Span<int> sizes = stackalloc int[MaxRank];
        KernelChecks.ResizeOut(output, Sizes(a.Sizes, b.Sizes, sizes));
    }

    /// <summary>Gives the output the common shape of three operands.</summary>
    public static void ResizeOut(Tensor a, Tensor b, Tensor c, Tensor output)
    {
        Span<int> two = stackalloc int[MaxRank];
        Span<int> three = stackalloc int[MaxRank];
        KernelChecks.ResizeOut(output, Sizes(Sizes(a.Sizes, b.Sizes, two), c.Sizes, three));
    }

    /// <summary>The common shape, written to the front of <paramref name="target"/>.</summary>
    public static ReadOnlySpan<int> Sizes(scoped ReadOnlySpan<int> a, scoped ReadOnlySpan<int> b, Span<int> target)
    {
        int rank = Math.Max(a.Length, b.Length);
        KernelChecks.Require(rank <= MaxRank, $"{rank} dimensions, at most {MaxRank} are supported");
        for (int i = 1; i <= rank; i++)
        {
            int x = i <= a.Length ? a[^i] : 1;
            int y = i <= b.Length ? b[^i] : 1;
            if (x != y && x != 1 && y != 1)
                KernelChecks.Fail($"sizes {Tensor.Format(a)} and {Tensor.Format(b)} do not broadcast");
            target[rank - i] = y == 1 ? x : y;
        }
        return target[..rank];
    }

    /// <summary>True if a tensor of sizes <paramref name="from"/> can be repeated to sizes <paramref name="to"/>.</summary>
    public static bool CanExpand(ReadOnlySpan<int> from, ReadOnlySpan<int> to)
    {
        if (from.Length > to.Length)
            return false;
        for (int i = 1; i <= from.Length; i++)
            if (from[^i] != to[^i] && from[^i] != 1)
                return false;
        return true;
    }

    /// <summary>True if the sizes are equal but for leading ones.</summary>
    public static bool SameButLeadingOnes(ReadOnlySpan<int> a, ReadOnlySpan<int> b) => Trim(a).SequenceEqual(Trim(b));

    private static ReadOnlySpan<int> Trim(ReadOnlySpan<int> sizes)
    {
        int i = 0;
        while (i < sizes.Length && sizes[i] == 1)
            i++;
        return sizes[i..];
    }
}
