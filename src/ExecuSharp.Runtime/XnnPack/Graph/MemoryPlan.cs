namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Places internal values in one block of memory: the largest first, each at the lowest place where no living value is.</summary>
internal static class MemoryPlan
{
    /// <summary>A value and the steps during which it lives.</summary>
    public readonly record struct Entry(long Bytes, int First, int Last);

    /// <summary>Finds places.</summary>
    /// <param name="entries">The values.</param>
    /// <param name="offsets">Gets the place of each.</param>
    /// <returns>Bytes of the block.</returns>
    public static long Place(ReadOnlySpan<Entry> entries, Span<long> offsets)
    {
        var order = new int[entries.Length];
        var sizes = new long[entries.Length];
        for (int i = 0; i < order.Length; i++)
            (order[i], sizes[i]) = (i, -Align(entries[i].Bytes));
        Array.Sort(sizes, order);
        var placed = new List<int>(order.Length);
        long total = 0;
        foreach (int i in order)
        {
            offsets[i] = Lowest(entries, offsets, placed, entries[i]);
            total = Math.Max(total, offsets[i] + Align(entries[i].Bytes));
            int at = placed.Count;
            while (at > 0 && offsets[placed[at - 1]] > offsets[i])
                at--;
            placed.Insert(at, i);
        }
        return total;
    }

    private static long Lowest(ReadOnlySpan<Entry> entries, Span<long> offsets, List<int> placed, Entry entry)
    {
        long at = 0;
        foreach (int other in placed)
        {
            if (entries[other].Last < entry.First || entries[other].First > entry.Last)
                continue;
            if (offsets[other] - at >= Align(entry.Bytes))
                break;
            at = Math.Max(at, offsets[other] + Align(entries[other].Bytes));
        }
        return at;
    }

    private static long Align(long bytes) => (bytes + 63) & ~63L;
}
