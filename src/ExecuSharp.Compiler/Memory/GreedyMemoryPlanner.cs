namespace ExecuSharp.Compiler.Memory;

/// <summary>
/// Places the largest tensors first, each in the smallest gap that fits between tensors alive at the same time. Several orders are tried; the
/// smallest arena wins.
/// </summary>
public static class GreedyMemoryPlanner
{
    /// <summary>Alignment of every tensor.</summary>
    public const int Alignment = 16;

    /// <summary>Plans the arena. The same requests give the same plan.</summary>
    public static MemoryPlan Plan(IReadOnlyList<MemoryRequest> requests)
    {
        var orders = new[]
        {
            requests.OrderByDescending(r => r.Bytes).ThenBy(r => r.First).ThenBy(r => r.Id),
            requests.OrderByDescending(r => r.Last - r.First).ThenByDescending(r => r.Bytes).ThenBy(r => r.Id),
            requests.OrderBy(r => r.First).ThenByDescending(r => r.Bytes).ThenBy(r => r.Id),
            requests.OrderByDescending(r => (double)r.Bytes * (r.Last - r.First + 1)).ThenBy(r => r.Id),
        };
        return orders.Select(o => Place([.. o])).MinBy(p => p.Bytes)!;
    }

    private static MemoryPlan Place(MemoryRequest[] order)
    {
        var offsets = new Dictionary<int, long>();
        var placed = new List<(long Start, long End, MemoryRequest Request)>();
        long total = 0;
        foreach (var request in order)
        {
            long size = Align(request.Bytes);
            long offset = 0, best = -1, bestGap = long.MaxValue;
            foreach (var (start, end, other) in placed)
            {
                if (!request.Overlaps(other))
                    continue;
                if (start - offset >= size && start - offset < bestGap)
                    (best, bestGap) = (offset, start - offset);
                offset = Math.Max(offset, end);
            }
            if (best >= 0)
                offset = best;
            offsets.Add(request.Id, offset);
            int at = placed.FindIndex(p => p.Start > offset);
            placed.Insert(at < 0 ? placed.Count : at, (offset, offset + size, request));
            total = Math.Max(total, offset + size);
        }
        return new MemoryPlan(offsets, total);
    }

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}
