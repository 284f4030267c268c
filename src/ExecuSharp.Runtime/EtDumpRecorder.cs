using System.Diagnostics;
using ExecuSharp.Core;
using ExecuSharp.Formats.EtDump;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Runtime;

/// <summary>
/// Records an ETDump with the blocks, names and ids of the official runtime: a block <c>Default</c> for loading and a block <c>Execute</c> for each
/// run. Times are nanoseconds since the first event. A kernel's own event has the times of its instruction; the steps of a delegate have the
/// names of its nodes.
/// </summary>
/// <param name="operators">The operators that the program runs with; null for the default ones.</param>
/// <example><code>
/// var recorder = new EtDumpRecorder();
/// using var method = program.LoadMethod("forward", recorder);
/// method.Execute();
/// File.WriteAllBytes("model.etdp", recorder.ToFile().ToBytes());
/// </code></example>
public sealed class EtDumpRecorder(OperatorTable? operators = null) : MethodObserver
{
    private readonly OperatorTable table = operators ?? OperatorTable.Default;
    private readonly List<(string Name, List<EtDumpEvent> Events)> runs = [];
    private PteMethod? current;
    private long? origin;

    /// <summary>What was recorded so far.</summary>
    public EtDumpFile ToFile() => new(0, [.. runs.Select(r => new EtDumpRun(r.Name, -1, [], [.. r.Events]))]);

    /// <inheritdoc/>
    public override void OnLoaded(PteMethod method, long start, long initStart, long initEnd, long end)
    {
        origin ??= start;
        Open("Default");
        AddWhole("Method::init", initStart, initEnd);
        AddWhole("Program::load_method", start, end);
    }

    /// <inheritdoc/>
    public override void OnExecuting(PteMethod method)
    {
        current = method;
        Open("Execute");
    }

    /// <inheritdoc/>
    public override void OnExecuted(PteMethod method, long start, long end) => AddWhole("Method::execute", start, end);

    /// <inheritdoc/>
    public override void OnDelegateStep(int chain, int index, string name, long start, long end) =>
        Add(null, chain, index, new EtDumpDelegate(-1, name), start, end);

    /// <inheritdoc/>
    public override void OnInstruction(int chain, int index, PteInstruction instruction, long start, long end, ReadOnlySpan<EValue> values)
    {
        if (instruction is PteInstruction.KernelCall call && NativeCall(current!.Operators[call.OperatorIndex].Key) is { } name)
            Add(name, chain, index, null, start, end);
        Add(CallName(instruction), chain, index, null, start, end);
    }

    private static string CallName(PteInstruction instruction) => instruction switch
    {
        PteInstruction.KernelCall => "OPERATOR_CALL",
        PteInstruction.DelegateCall => "DELEGATE_CALL",
        PteInstruction.JumpFalseCall => "JF_CALL",
        PteInstruction.MoveCall => "MOVE_CALL",
        PteInstruction.FreeCall => "FREE_CALL",
        _ => instruction.GetType().Name,
    };

    // Kernels that ExecuTorch registers by generated code announce themselves; built-in operators and the llama library do not.
    private string? NativeCall(string key)
    {
        if (key.StartsWith("llama::", StringComparison.Ordinal) || table.FindKernel(key) is { IsBuiltin: true })
            return null;
        int space = key.IndexOf("::", StringComparison.Ordinal);
        return "native_call_" + (space < 0 ? key : key[(space + 2)..]);
    }

    private void Open(string name) => runs.Add((name, []));

    private void AddWhole(string name, long start, long end) => Add(name, -1, 0, null, start, end);

    private void Add(string? name, int chain, int index, EtDumpDelegate? step, long start, long end)
    {
        origin ??= start;
        runs[^1].Events.Add(new EtDumpEvent.Profile(name, chain, index, step, Nanoseconds(start), Nanoseconds(end)));
    }

    private ulong Nanoseconds(long stamp) => (ulong)((Int128)Math.Max(0, stamp - origin!.Value) * 1_000_000_000 / Stopwatch.Frequency);
}
