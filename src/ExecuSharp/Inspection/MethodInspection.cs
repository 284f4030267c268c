using ExecuSharp.Formats.Pte;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Inspection;

/// <summary>A method: calls by operator, delegates, memory.</summary>
/// <param name="Name">Name.</param>
/// <param name="Operators">Calls by operator, and what runs them here.</param>
/// <param name="Instructions">Every instruction, and what runs it here.</param>
/// <param name="Delegates">Delegates.</param>
/// <param name="Memory">The memory plan.</param>
public sealed record MethodInspection(string Name, IReadOnlyList<OperatorUse> Operators, IReadOnlyList<InstructionInspection> Instructions, IReadOnlyList<DelegateInspection> Delegates, MemoryInspection Memory)
{
    internal static MethodInspection Of(PteProgram program, PteMethod method, OperatorTable table, IReadOnlySet<string> backends)
    {
        var calls = method.Chains.SelectMany(c => c.Instructions).ToList();
        var operators = calls.OfType<PteInstruction.KernelCall>().GroupBy(c => method.Operators[c.OperatorIndex].Key)
            .OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new OperatorUse(g.Key, g.Count(), InstructionInspection.Kernel(g.Key, table)))
            .ToList();
        var delegates = method.Delegates.Select((d, i) => DelegateInspection.Of(program, d, i, calls.OfType<PteInstruction.DelegateCall>().Count(c => c.DelegateIndex == i), backends.Contains(d.Id))).ToList();
        return new MethodInspection(method.Name, operators, [.. InstructionInspection.Of(method, table, backends)], delegates, MemoryInspection.Of(method));
    }
}
