namespace ExecuSharp.Compiler.Memory;

/// <summary>
/// Places the largest tensors first, each in the smallest gap that fits between tensors alive at the same time. Several orders are tried, and changed
/// where the arena is larger than what is alive at once; the smallest arena wins.
/// </summary>
public static class GreedyMemoryPlanner
{
    /// <summary>Alignment of every tensor.</summary>
    public const int Alignment = 16;

    private const int Attempts = 300, MaxImproved = 600;

    /// <summary>Plans the arena. The same requests give the same plan.</summary>
    public static MemoryPlan Plan(IReadOnlyList<MemoryRequest> requests)
    {
        var (merged, holder) = Merge(requests);
        if (merged.Count == requests.Count)
            return PlanApart(requests);
        var plan = PlanApart(merged);
        if (plan.Bytes > LowerBound(requests) && PlanApart(requests) is { } apart && apart.Bytes < plan.Bytes)
            return apart;
        return new MemoryPlan(requests.ToDictionary(r => r.Id, r => plan.Offsets[holder[r.Id]]), plan.Bytes);
    }

    // A tensor and those that take its place, one after the other, are one request.
    private static (List<MemoryRequest> Merged, Dictionary<int, int> Holder) Merge(IReadOnlyList<MemoryRequest> requests)
    {
        var byId = requests.ToDictionary(r => r.Id);
        var holder = new Dictionary<int, int>();
        var merged = new Dictionary<int, MemoryRequest>();
        var taken = new HashSet<int>();
        foreach (var request in requests.OrderBy(r => r.First))
        {
            bool replaces = request.InPlaceOf is { } of && byId.TryGetValue(of, out var other) && request.MayReplace(other) && taken.Add(of);
            int id = holder[request.Id] = replaces ? holder[request.InPlaceOf!.Value] : request.Id;
            merged[id] = replaces ? merged[id] with { Last = request.Last } : request;
        }
        return ([.. requests.Where(r => merged.ContainsKey(r.Id)).Select(r => merged[r.Id])], holder);
    }

    private static MemoryPlan PlanApart(IReadOnlyList<MemoryRequest> requests)
    {
        var orders = new[]
        {
            requests.OrderByDescending(r => r.Bytes).ThenBy(r => r.First).ThenBy(r => r.Id),
            requests.OrderByDescending(r => r.Last - r.First).ThenByDescending(r => r.Bytes).ThenBy(r => r.Id),
            requests.OrderBy(r => r.First).ThenByDescending(r => r.Bytes).ThenBy(r => r.Id),
            requests.OrderByDescending(r => (double)r.Bytes * (r.Last - r.First + 1)).ThenBy(r => r.Id),
        };
        var (order, best) = orders.Select(o => o.ToArray()).Select(o => (Order: o, Plan: Place(o))).MinBy(p => p.Plan.Bytes);
        return best.Bytes > LowerBound(requests) && requests.Count <= MaxImproved ? Improve(order, best) : best;
    }

    // What ends at the top of the arena is placed earlier, and once in a while another tensor too.
    private static MemoryPlan Improve(MemoryRequest[] order, MemoryPlan best)
    {
        long bound = LowerBound(order);
        var random = new Random(order.Length);
        var (current, plan) = (order, best);
        for (int i = 0; i < Attempts && best.Bytes > bound; i++)
        {
            var top = current.Where(r => plan.Offsets[r.Id] + Align(r.Bytes) == plan.Bytes).ToList();
            var moved = random.Next(4) == 0 ? current[random.Next(current.Length)] : top[random.Next(top.Count)];
            int from = Array.IndexOf(current, moved), to = random.Next(from + 1);
            var next = current.ToList();
            next.RemoveAt(from);
            next.Insert(to, moved);
            var candidate = Place([.. next]);
            // A plan that is no larger is walked on from, so that ties can be left.
            if (candidate.Bytes <= plan.Bytes)
                (current, plan) = ([.. next], candidate);
            if (candidate.Bytes < best.Bytes)
                best = candidate;
        }
        return best;
    }

    private static long LowerBound(IReadOnlyList<MemoryRequest> requests)
    {
        var change = new SortedDictionary<int, long>();
        foreach (var request in requests)
        {
            change[request.First] = change.GetValueOrDefault(request.First) + Align(request.Bytes);
            change[request.Last + 1] = change.GetValueOrDefault(request.Last + 1) - Align(request.Bytes);
        }
        long alive = 0, most = 0;
        foreach (long bytes in change.Values)
            most = Math.Max(most, alive += bytes);
        return most;
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
