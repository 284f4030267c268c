using ExecuSharp.Formats.Pte;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Inspection;

/// <summary>An instruction and what runs it here.</summary>
/// <param name="Chain">Chain.</param>
/// <param name="Index">Position in the chain.</param>
/// <param name="Text">The instruction with its value slots.</param>
/// <param name="RunBy">Row of the operator table, backend, or <c>interpreter</c>; null if this runtime cannot run it.</param>
public sealed record InstructionInspection(int Chain, int Index, string Text, string? RunBy)
{
    internal static IEnumerable<InstructionInspection> Of(PteMethod method, OperatorTable table, IReadOnlySet<string> backends) =>
        method.Chains.SelectMany((chain, c) => chain.Instructions.Select((instruction, i) => new InstructionInspection(c, i, Describe(instruction, method), Runner(instruction, method, table, backends))));

    /// <summary>What runs a kernel: the row's functional name, or null.</summary>
    internal static string? Kernel(string key, OperatorTable table) => table.FindKernel(key) is { Kernel: not null } row
        ? row.IsBuiltin ? $"built-in {row.Name}" : $"kernel of {row.Name}"
        : null;

    private static string? Runner(PteInstruction instruction, PteMethod method, OperatorTable table, IReadOnlySet<string> backends) => instruction switch
    {
        PteInstruction.KernelCall k => Kernel(method.Operators[k.OperatorIndex].Key, table),
        PteInstruction.DelegateCall d => backends.Contains(method.Delegates[d.DelegateIndex].Id) ? method.Delegates[d.DelegateIndex].Id : null,
        PteInstruction.Unknown => null,
        _ => "interpreter",
    };

    private static string Describe(PteInstruction instruction, PteMethod method) => instruction switch
    {
        PteInstruction.KernelCall c => $"{method.Operators[c.OperatorIndex].Key}({string.Join(", ", c.Args)})",
        PteInstruction.DelegateCall c => $"delegate {c.DelegateIndex}({string.Join(", ", c.Args)})",
        PteInstruction.MoveCall c => $"move {c.From} to {c.To}",
        PteInstruction.JumpFalseCall c => $"jump to {c.Destination} if {c.Condition} is false",
        PteInstruction.FreeCall c => $"free {c.Value}",
        _ => instruction.ToString(),
    };
}
