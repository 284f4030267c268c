using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Inspection;

/// <summary>A method: calls by operator, delegates, memory.</summary>
/// <param name="Name">Name.</param>
/// <param name="Operators">Calls by operator, and whether there is a kernel here.</param>
/// <param name="Delegates">Delegates.</param>
/// <param name="PlannedBytes">Planned memory.</param>
/// <param name="LiveBytes">The most bytes of tensors that are alive at one instruction: no plan can need less.</param>
public sealed record MethodInspection(string Name, IReadOnlyList<OperatorUse> Operators, IReadOnlyList<DelegateInspection> Delegates, long PlannedBytes, long LiveBytes)
{
    internal static MethodInspection Of(PteProgram program, PteMethod method, OperatorTable table)
    {
        var calls = method.Chains.SelectMany(c => c.Instructions).ToList();
        var operators = calls.OfType<PteInstruction.KernelCall>().GroupBy(c => method.Operators[c.OperatorIndex].Key)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new OperatorUse(g.Key, g.Count(), table.FindKernel(g.Key) is { Kernel: not null }))
            .ToList();
        var delegates = method.Delegates.Select((d, i) => Delegate(program, d, i, calls.OfType<PteInstruction.DelegateCall>().Count(c => c.DelegateIndex == i))).ToList();
        return new MethodInspection(method.Name, operators, delegates, method.MemorySizes.Skip(1).Sum(), PeakLive(method));
    }

    private static DelegateInspection Delegate(PteProgram program, PteDelegate d, int index, int calls)
    {
        var payload = program.DelegateData(d) ?? default;
        IReadOnlyList<string> nodes = [];
        string? identifier = null;
        string? problem = null;
        if (d.Id == "XnnpackBackend" && payload.Length > 0)
        {
            try
            {
                var read = XnnPayload.Read(payload);
                identifier = (read.Header is null ? "" : "XH00 ") + read.Identifier;
                nodes = [.. read.Graph.Nodes.Select(n => Describe(n, read.Graph))];
            }
            catch (ModelFormatException e)
            {
                problem = e.Message;
            }
        }
        return new DelegateInspection(index, d.Id, payload.Length, identifier, nodes, calls, problem);
    }

    private static string Describe(XnnNode node, XnnGraph graph)
    {
        string Value(uint id) => graph.Values.FirstOrDefault(v => v.Id == id) is { } v ? $"{v.Datatype}[{string.Join(", ", v.Dims)}]" : "";
        var inputs = node.Inputs.Where(i => i != XnnValue.None).Select(Value);
        return $"{node.Type}({string.Join(", ", inputs)}) -> {string.Join(", ", node.Outputs.Select(Value))}";
    }

    private static long PeakLive(PteMethod method)
    {
        var spans = new Dictionary<(uint, ulong), (long Bytes, int First, int Last)>();
        int end = method.Chains.Sum(c => c.Instructions.Count);
        void Touch(int slot, int at)
        {
            if ((uint)slot >= (uint)method.Values.Count || method.Values[slot] is not PteTensor { Allocation: { } a } t)
                return;
            long bytes = t.Sizes.Aggregate((long)t.Type.SizeOf(), (n, s) => n * s);
            var key = (a.MemoryId, a.Offset + ((ulong)slot << 40));
            spans[key] = spans.TryGetValue(key, out var old) ? (old.Bytes, Math.Min(old.First, at), Math.Max(old.Last, at)) : (bytes, at, at);
        }
        foreach (int input in method.Inputs)
            Touch(input, 0);
        int index = 0;
        foreach (var instruction in method.Chains.SelectMany(c => c.Instructions))
        {
            var args = instruction switch
            {
                PteInstruction.KernelCall k => k.Args,
                PteInstruction.DelegateCall d => d.Args,
                _ => [],
            };
            foreach (int slot in args)
                Touch(slot, index);
            index++;
        }
        foreach (int output in method.Outputs)
            Touch(output, end);
        long peak = 0;
        for (int i = 0; i <= end; i++)
            peak = Math.Max(peak, spans.Values.Where(s => s.First <= i && i <= s.Last).Sum(s => s.Bytes));
        return peak;
    }
}
