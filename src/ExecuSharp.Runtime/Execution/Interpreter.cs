using System.Diagnostics;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Table;
using ExecuSharp.Runtime.Backends;

namespace ExecuSharp.Runtime.Execution;

/// <summary>Follows the instruction list exactly as ExecuTorch does.</summary>
internal static class Interpreter
{
    public static void Run(Step[][] chains, EValue[] values, PteMethod records, KernelContext context, long maxInstructions, MethodObserver? observer, CancellationToken cancellation)
    {
        long executed = 0;
        for (int c = 0; c < chains.Length; c++)
        {
            var steps = chains[c];
            int next = 0;
            while (next < steps.Length)
            {
                if (++executed > maxInstructions)
                    throw new ExecuTorchException(ErrorCode.InvalidProgram, $"method {records.Name} did not end after {maxInstructions} instructions");
                cancellation.ThrowIfCancellationRequested();
                int current = next;
                long start = observer is null ? 0 : Stopwatch.GetTimestamp();
                if (observer is not null && steps[current] is Step.Delegate { Handle: IObservableDelegate handle } call)
                    next = Observe(handle, call, context, observer, c, current);
                else
                    next = Execute(steps[current], current, context, records);
                observer?.OnInstruction(c, current, records.Chains[c].Instructions[current], start, Stopwatch.GetTimestamp(), values);
            }
        }
    }

    private static int Execute(Step step, int index, KernelContext context, PteMethod records)
    {
        switch (step)
        {
            case Step.Kernel kernel:
                Call(kernel, index, context, records);
                return index + 1;
            case Step.Delegate call:
                call.Handle.Execute(context, call.Args);
                return index + 1;
            case Step.Move move:
                move.To.Set(move.From);
                return index + 1;
            case Step.JumpFalse jump:
                return IsTrue(jump.Condition) ? index + 1 : jump.Destination;
            case Step.Free free:
                if (free.Value.Tag != Tag.Tensor)
                    throw new ExecuTorchException(ErrorCode.InvalidType, $"instruction {index} frees a {free.Value.Tag}");
                free.Value.AsTensor().Storage = default;
                return index + 1;
            case Step.Fail fail:
                throw new ExecuTorchException(fail.Code, $"method {records.Name}, instruction {index}: {fail.Message}");
            default:
                throw new UnreachableException();
        }
    }

    private static int Observe(IObservableDelegate handle, Step.Delegate call, KernelContext context, MethodObserver observer, int chain, int index)
    {
        handle.Execute(context, call.Args, (name, start, end) => observer.OnDelegateStep(chain, index, name, start, end));
        return index + 1;
    }

    private static void Call(Step.Kernel kernel, int index, KernelContext context, PteMethod records)
    {
        try
        {
            kernel.Function(new KernelArgs(context, kernel.Args));
        }
        catch (ExecuTorchException e)
        {
            throw new ExecuTorchException(e.Code, $"method {records.Name}, instruction {index} ({kernel.Operator.OutName}): {e.Detail}", e);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException or DivideByZeroException or InvalidCastException or NotSupportedException)
        {
            throw new ExecuTorchException(ErrorCode.Internal, $"method {records.Name}, instruction {index} ({kernel.Operator.OutName}): {e.Message}", e);
        }
    }

    private static bool IsTrue(EValue condition)
    {
        if (condition.Tag == Tag.Bool)
            return condition.AsBool();
        if (condition.Tag == Tag.Tensor && condition.AsTensor() is { Type: ScalarType.Bool } tensor)
            return !tensor.Span<byte>().Contains((byte)0);
        throw new ExecuTorchException(ErrorCode.InvalidProgram, $"a condition is {condition}, a Bool or a Bool tensor is needed");
    }
}
