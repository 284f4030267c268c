namespace ExecuSharp.Compiler.Memory;

/// <summary>Checks a plan against its requests, without knowing how it was made.</summary>
public static class MemoryPlanVerifier
{
    /// <summary>Checks that every tensor is inside the arena, aligned, and shares no byte with one that is alive at the same time, unless it takes exactly the place of one that it may replace.</summary>
    /// <exception cref="InvalidOperationException">The plan is wrong.</exception>
    public static void Verify(IReadOnlyList<MemoryRequest> requests, MemoryPlan plan)
    {
        foreach (var request in requests)
        {
            if (!plan.Offsets.TryGetValue(request.Id, out long offset))
                throw new InvalidOperationException($"memory plan: tensor {request.Id} has no place");
            if (offset < 0 || offset % GreedyMemoryPlanner.Alignment != 0 || offset + request.Bytes > plan.Bytes)
                throw new InvalidOperationException($"memory plan: tensor {request.Id} at {offset} with {request.Bytes} bytes does not fit the arena of {plan.Bytes}");
        }
        // Sweep by first instruction: only tensors that are still alive can collide.
        var alive = new List<MemoryRequest>();
        foreach (var request in requests.OrderBy(r => r.First))
        {
            alive.RemoveAll(a => a.Last < request.First);
            long start = plan.Offsets[request.Id], end = start + request.Bytes;
            foreach (var other in alive)
            {
                long otherStart = plan.Offsets[other.Id];
                if (start < otherStart + other.Bytes && otherStart < end && !(start == otherStart && request.MayReplace(other)))
                    throw new InvalidOperationException($"memory plan: tensors {request.Id} and {other.Id} share bytes while both are alive");
            }
            alive.Add(request);
        }
    }
}
