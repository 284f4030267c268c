namespace ExecuSharp.Compiler.Memory;

/// <summary>
/// Checks a plan against the instructions themselves, along every way through jumps: what an instruction writes may share no byte with what is still to be
/// read on any way from there, nor with what the instruction reads, except exactly the place of what it reads index by index. It knows nothing of the
/// lifetimes that the plan was made from.
/// </summary>
public sealed class FlowVerifier
{
    private readonly IReadOnlyList<MemoryEffect> effects;
    private readonly IReadOnlyDictionary<int, (long Start, long Bytes)> places;
    private readonly HashSet<int> kept;
    private readonly int[] leaders;
    private readonly Dictionary<int, HashSet<int>> live = [];

    private FlowVerifier(IReadOnlyList<MemoryEffect> effects, IReadOnlyDictionary<int, (long Start, long Bytes)> places, IEnumerable<int> kept)
    {
        this.effects = effects;
        this.places = places;
        this.kept = [.. kept];
        var jumps = Enumerable.Range(0, effects.Count).Where(i => effects[i].Jump is not null).ToList();
        leaders = [.. jumps.SelectMany(i => new[] { effects[i].Jump!.Value, i + 1 }).Append(0).Where(i => i < effects.Count).Distinct().Order()];
    }

    /// <summary>Checks a method.</summary>
    /// <param name="effects">One for each instruction; tensors without a place, such as constants, are ignored.</param>
    /// <param name="places">First byte and length of each tensor; what is meant to share memory has one number.</param>
    /// <param name="inputs">Tensors that are written before the first instruction.</param>
    /// <param name="kept">Tensors that are read after the last instruction: outputs and state.</param>
    /// <exception cref="InvalidOperationException">A tensor is overwritten while it is still needed.</exception>
    public static void Verify(IReadOnlyList<MemoryEffect> effects, IReadOnlyDictionary<int, (long Start, long Bytes)> places, IReadOnlyCollection<int> inputs, IEnumerable<int> kept)
    {
        var flow = new FlowVerifier(effects, places, kept);
        flow.Solve();
        for (int block = flow.leaders.Length - 1; block >= 0; block--)
            flow.Walk(block, check: true);
        foreach (int input in inputs)
            flow.Check(input, flow.LiveAt(0).Concat(inputs), -1);
    }

    private void Solve()
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int block = leaders.Length - 1; block >= 0; block--)
            {
                var before = Walk(block, check: false);
                changed |= !live.TryGetValue(leaders[block], out var known) || !known.SetEquals(before);
                live[leaders[block]] = before;
            }
        }
    }

    // From the end of a straight piece to its beginning: what is read there before it is written again.
    private HashSet<int> Walk(int block, bool check)
    {
        int end = block + 1 < leaders.Length ? leaders[block + 1] : effects.Count;
        HashSet<int> alive = [];
        for (int at = end - 1; at >= leaders[block]; at--)
        {
            var effect = effects[at];
            if (at == end - 1 && !effect.AlwaysJumps)
                alive.UnionWith(LiveAt(end));
            if (effect.Jump is { } jump)
                alive.UnionWith(LiveAt(jump));
            if (check)
                foreach (int written in effect.Writes)
                    Check(written, alive.Concat(effect.Reads.Where(r => !IsInPlace(effect, written, r))).Concat(effect.Writes), at);
            alive.ExceptWith(effect.Writes);
            alive.UnionWith(effect.Reads);
        }
        return alive;
    }

    private bool IsInPlace(MemoryEffect effect, int written, int read) =>
        effect.InPlace is { } inPlace && inPlace.Contains(read) && places.TryGetValue(written, out var to) && places.TryGetValue(read, out var from) && to == from;

    private IEnumerable<int> LiveAt(int instruction) => instruction >= effects.Count ? kept : live.TryGetValue(instruction, out var set) ? set : [];

    private void Check(int written, IEnumerable<int> needed, int at)
    {
        if (!places.TryGetValue(written, out var place))
            return;
        foreach (int other in needed)
            if (other != written && places.TryGetValue(other, out var p) && place.Start < p.Start + p.Bytes && p.Start < place.Start + place.Bytes)
                throw new InvalidOperationException($"memory plan: instruction {at} writes tensor {written} over tensor {other}, which is still needed");
    }
}
