using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Table;
using ExecuSharp.Runtime.Backends;

namespace ExecuSharp.Runtime.Execution;

/// <summary>Loads a method in the official order: arenas, values, delegates, kernels.</summary>
internal sealed class MethodLoader(Program program, PteMethod records, KernelContext context)
{
    private readonly List<IDelegate> delegates = [];

    public Method Load()
    {
        var values = new ValueLoader(program, records).Load();
        try
        {
            LoadDelegates();
            var chains = LoadChains(values);
            return new Method(program, records, context, values, chains, delegates);
        }
        catch
        {
            delegates.ForEach(d => d.Dispose());
            throw;
        }
    }

    private void LoadDelegates()
    {
        var missing = new List<UnsupportedItem>();
        for (int i = 0; i < records.Delegates.Count; i++)
        {
            var d = records.Delegates[i];
            if (FindBackend(d.Id) is null)
                missing.Add(new UnsupportedItem($"backend {d.Id}", $"delegate {i}", "there is no such backend"));
        }
        if (missing.Count > 0)
        {
            missing.AddRange(MissingOperators());
            throw new UnsupportedProgramException(ErrorCode.NotFound, records.Name, missing);
        }
        for (int i = 0; i < records.Delegates.Count; i++)
        {
            var d = records.Delegates[i];
            delegates.Add(FindBackend(d.Id)!.Init(Payload(d, i), program.Data, context));
        }
    }

    private IBackend? FindBackend(string id) => program.Options.Backends.FirstOrDefault(b => b.Id == id);

    private ReadOnlyMemory<byte> Payload(PteDelegate d, int index) =>
        program.Records.DelegateData(d) ?? throw new ExecuTorchException(ErrorCode.InvalidProgram, d.InSegment
            ? $"delegate {index}: segment {d.Index} of {program.Records.Segments.Count}"
            : $"delegate {index}: inline data {d.Index} of {program.Records.InlineDelegateData.Count}");

    private IEnumerable<UnsupportedItem> MissingOperators()
    {
        var uses = new SortedDictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var chain in records.Chains)
            for (int i = 0; i < chain.Instructions.Count; i++)
                if (chain.Instructions[i] is PteInstruction.KernelCall call && Find(call) is null)
                {
                    string key = records.Operators[call.OperatorIndex].Key;
                    if (!uses.TryGetValue(key, out var list))
                        uses.Add(key, list = []);
                    list.Add(i);
                }
        return uses.Select(u => new UnsupportedItem($"operator {u.Key}", $"instruction {string.Join(", ", u.Value.Take(8))}{(u.Value.Count > 8 ? $" and {u.Value.Count - 8} more" : "")}", "there is no kernel"));
    }

    private OperatorDefinition? Find(PteInstruction.KernelCall call) =>
        program.Options.Operators.FindKernel(records.Operators[call.OperatorIndex].Key) is { Kernel: not null } op ? op : null;

    private Step[][] LoadChains(EValue[] values)
    {
        var missing = MissingOperators().ToList();
        if (missing.Count > 0)
            throw new UnsupportedProgramException(ErrorCode.OperatorMissing, records.Name, missing);
        return [.. records.Chains.Select(c => c.Instructions.Select(i => Resolve(i, values)).ToArray())];
    }

    private Step Resolve(PteInstruction instruction, EValue[] values) => instruction switch
    {
        PteInstruction.KernelCall call => Kernel(call, values),
        PteInstruction.DelegateCall call => new Step.Delegate(records.Delegates[call.DelegateIndex].Id, delegates[call.DelegateIndex], Slots(call.Args, values)),
        PteInstruction.MoveCall move => new Step.Move(values[move.From], values[move.To]),
        PteInstruction.JumpFalseCall jump => new Step.JumpFalse(values[jump.Condition], jump.Destination),
        PteInstruction.FreeCall free => new Step.Free(values[free.Value]),
        _ => throw new ExecuTorchException(ErrorCode.InvalidProgram, $"instruction {instruction}"),
    };

    private Step Kernel(PteInstruction.KernelCall call, EValue[] values)
    {
        var op = Find(call)!;
        int arguments = op.Schema.KernelArguments.Count;
        if (op.IsBuiltin)
        {
            int exact = arguments + op.OutCount;
            return call.Args.Count == exact
                ? new Step.Kernel(op, op.Kernel!, Slots(call.Args, values))
                : new Step.Fail(ErrorCode.InvalidProgram, $"{op.OutName} takes {exact} slots, the call has {call.Args.Count}");
        }
        // In-place operators return self; the others have their outs, and then the return value once more.
        int needed = op.OutName == op.Name ? arguments + 1 : arguments + op.OutCount + 1;
        return call.Args.Count >= needed
            ? new Step.Kernel(op, op.Kernel!, Slots(call.Args, values)[..(needed - 1)])
            : new Step.Fail(ErrorCode.InvalidProgram, $"{op.OutName} takes {needed} slots, the call has {call.Args.Count}");
    }

    private static EValue[] Slots(IReadOnlyList<int> indices, EValue[] values) => [.. indices.Select(i => values[i])];
}
