using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Inspection;

/// <summary>First and last instruction that touches each value slot of a method, with instructions counted over all chains.</summary>
internal sealed class TensorLifetimes
{
    private readonly (int First, int Last)[] spans;

    public TensorLifetimes(PteMethod method)
    {
        spans = new (int, int)[method.Values.Count];
        Array.Fill(spans, (0, -1));
        int end = method.Chains.Sum(c => c.Instructions.Count);
        foreach (int input in method.Inputs)
            Touch(method, input, 0);
        var jumps = new List<(int From, int To)>();
        int start = 0;
        foreach (var chain in method.Chains)
        {
            for (int i = 0; i < chain.Instructions.Count; i++)
            {
                foreach (int slot in Slots(chain.Instructions[i]))
                    Touch(method, slot, start + i);
                if (chain.Instructions[i] is PteInstruction.JumpFalseCall jump && jump.Destination <= i)
                    jumps.Add((start + i, start + Math.Max(0, jump.Destination)));
            }
            start += chain.Instructions.Count;
        }
        foreach (int output in method.Outputs)
            Touch(method, output, end);
        for (int i = 0; i < spans.Length; i++)
            spans[i] = method.Values[i] is PteTensor { Allocation: not null, DataBufferIndex: > 0 } ? (0, end) : Extend(spans[i], jumps);
    }

    public (int First, int Last) this[int slot] => spans[slot];

    private static (int First, int Last) Extend((int First, int Last) span, List<(int From, int To)> jumps)
    {
        foreach (var (from, to) in jumps)
            if (span.First < to && span.Last >= to && span.Last < from)
                span.Last = from;
        return span;
    }

    private static IEnumerable<int> Slots(PteInstruction instruction) => instruction switch
    {
        PteInstruction.KernelCall k => k.Args,
        PteInstruction.DelegateCall d => d.Args,
        PteInstruction.MoveCall m => [m.From, m.To],
        PteInstruction.JumpFalseCall j => [j.Condition],
        PteInstruction.FreeCall f => [f.Value],
        _ => [],
    };

    private void Touch(PteMethod method, int slot, int at)
    {
        if ((uint)slot >= (uint)spans.Length)
            return;
        var (first, last) = spans[slot];
        spans[slot] = last < 0 ? (at, at) : (Math.Min(first, at), Math.Max(last, at));
        var items = method.Values[slot] switch
        {
            PteValue.TensorList l => l.Items,
            PteValue.OptionalTensorList l => l.Items,
            _ => [],
        };
        foreach (int item in items)
            if (item != slot && (uint)item < (uint)spans.Length && method.Values[item] is PteTensor)
                Touch(method, item, at);
    }
}
