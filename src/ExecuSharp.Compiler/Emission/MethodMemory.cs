using ExecuSharp.Compiler.Memory;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Emission;

/// <summary>The memory of a method: how long each tensor is needed, what each instruction does to memory, and the places that follow.</summary>
internal sealed class MethodMemory(ViewAliases aliases)
{
    private readonly Dictionary<Value, (int First, int Last)> lifetimes = [];
    private readonly Dictionary<int, Value> planned = [];
    private readonly HashSet<Value> bounded = [];
    private readonly List<Effect> effects = [];

    /// <summary>True if no tensor has a place.</summary>
    public bool IsEmpty => planned.Count == 0;

    /// <summary>A tensor that is there before the first instruction.</summary>
    public void Begin(Value value) => lifetimes[value] = (-1, -1);

    /// <summary>A tensor that keeps its content between executions.</summary>
    public void Keep(Value value) => lifetimes[value] = (-1, int.MaxValue);

    /// <summary>An instruction is the first that writes a tensor, unless one did already.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="at">The instruction.</param>
    /// <param name="changesSize">Its sizes change while the method runs.</param>
    public void Define(Value value, int at, bool changesSize)
    {
        if (value.Kind != ValueKind.Tensor)
            return;
        var root = aliases.Root(value);
        lifetimes[root] = lifetimes.TryGetValue(root, out var life) ? (life.First, Math.Max(life.Last, at)) : (at, at);
        if (changesSize)
            bounded.Add(root);
    }

    /// <summary>True for a tensor whose sizes change while the method runs.</summary>
    public bool ChangesSize(Value value) => bounded.Contains(value);

    /// <summary>An instruction needs a tensor.</summary>
    public void Touch(Value value, int at)
    {
        var root = aliases.Root(value);
        if (lifetimes.TryGetValue(root, out var life))
            lifetimes[root] = (life.First, Math.Max(life.Last, at));
    }

    /// <summary>Keeps what was made before a loop and is used in it until the loop ends.</summary>
    public void CloseLoop(int start, int end)
    {
        foreach (var (value, (first, last)) in lifetimes.ToList())
            if (first < start && last >= start)
                lifetimes[value] = (first, Math.Max(last, end));
    }

    /// <summary>A slot holds a tensor that needs a place.</summary>
    public void Plan(int slot, Value value) => planned.Add(slot, value);

    /// <summary>Records what the next instruction does to memory.</summary>
    /// <param name="reads">Tensors that it reads.</param>
    /// <param name="writes">Tensors that it writes.</param>
    /// <param name="alwaysJumps">The next one never follows.</param>
    /// <param name="inPlace">Those that it reads index by index, before it writes that index.</param>
    public void AddEffect(IEnumerable<Value> reads, IEnumerable<Value> writes, bool alwaysJumps, IEnumerable<Value> inPlace) =>
        effects.Add(new Effect(Roots(reads), Roots(writes), alwaysJumps, Roots(inPlace)));

    /// <summary>Gives every planned slot its place and returns the size of the arena.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="instructions">The instructions, for the ways that jumps lead.</param>
    /// <param name="inputs">Tensors that are written before the first instruction.</param>
    /// <param name="kept">Tensors that are needed after the last one.</param>
    public long Place(SlotTable slots, IReadOnlyList<PteInstruction> instructions, IEnumerable<Value> inputs, IEnumerable<Value> kept)
    {
        var ids = new Dictionary<Value, int>();
        var requests = new List<MemoryRequest>();
        foreach (var (slot, value) in planned)
        {
            var root = aliases.Root(value);
            if (!ids.TryAdd(root, slot))
                continue;
            var (first, last) = lifetimes[root];
            requests.Add(new MemoryRequest(slot, root.Spec.MaxBytes, first, last));
        }
        requests = [.. requests.Select(r => r with { InPlaceOf = Replaced(r, aliases.Root(planned[r.Id]), ids) })];
        if (requests.Count == 0)
            return 0;
        var plan = GreedyMemoryPlanner.Plan(requests);
        MemoryPlanVerifier.Verify(requests, plan);
        int[] Ids(IEnumerable<Value> values) => [.. values.Where(ids.ContainsKey).Select(v => ids[v])];
        FlowVerifier.Verify(
            [.. effects.Select((e, i) => new MemoryEffect(Ids(e.Reads), Ids(e.Writes), (instructions[i] as PteInstruction.JumpFalseCall)?.Destination, e.AlwaysJumps, Ids(e.InPlace)))],
            requests.ToDictionary(r => r.Id, r => (plan.Offsets[r.Id], r.Bytes)), Ids(Roots(inputs)), Ids(Roots(kept)));
        foreach (var (slot, value) in planned)
            slots.Replace(slot, (PteTensor)slots.Slots[slot] with { Allocation = new PteAllocation(1, (ulong)plan.Offsets[ids[aliases.Root(value)]]) });
        return plan.Bytes;
    }

    // A tensor that the instruction which makes this one reads last, index by index. Inputs of the method belong to the caller.
    private int? Replaced(MemoryRequest request, Value root, Dictionary<Value, int> ids)
    {
        if (request.First < 0 || request.First >= effects.Count || bounded.Contains(root) || !effects[request.First].Writes.Contains(root))
            return null;
        foreach (var read in effects[request.First].InPlace)
            if (ids.TryGetValue(read, out int id) && !bounded.Contains(read) && lifetimes[read].First >= 0 && (request with { InPlaceOf = id }).MayReplace(new MemoryRequest(id, read.Spec.MaxBytes, lifetimes[read].First, lifetimes[read].Last)))
                return id;
        return null;
    }

    private Value[] Roots(IEnumerable<Value> values) => [.. values.Where(v => v.Kind == ValueKind.Tensor).Select(aliases.Root)];

    private sealed record Effect(Value[] Reads, Value[] Writes, bool AlwaysJumps, Value[] InPlace);
}
