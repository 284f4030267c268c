using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Runtime;

/// <summary>
/// Sees what a method does: for profiling, ETDump and layer-by-layer comparison. Time stamps are ticks of <see cref="System.Diagnostics.Stopwatch"/>.
/// Used by the thread that executes the method.
/// </summary>
public abstract class MethodObserver
{
    /// <summary>A method was loaded.</summary>
    /// <param name="method">Its tables.</param>
    /// <param name="start">Before anything was done.</param>
    /// <param name="initStart">Before memory was planned.</param>
    /// <param name="initEnd">When delegates were prepared and kernels resolved.</param>
    /// <param name="end">When the method was ready.</param>
    public virtual void OnLoaded(PteMethod method, long start, long initStart, long initEnd, long end)
    {
    }

    /// <summary>An execution begins.</summary>
    /// <param name="method">The method's tables.</param>
    public virtual void OnExecuting(PteMethod method)
    {
    }

    /// <summary>An execution ended, or failed.</summary>
    /// <param name="method">The method's tables.</param>
    /// <param name="start">Time stamp before.</param>
    /// <param name="end">Time stamp after.</param>
    public virtual void OnExecuted(PteMethod method, long start, long end)
    {
    }

    /// <summary>A step inside a delegate was executed; its <see cref="OnInstruction"/> follows.</summary>
    /// <param name="chain">Index of the chain.</param>
    /// <param name="index">Index of the delegate call in its chain.</param>
    /// <param name="name">Name that the backend gives the step, unique in the delegate.</param>
    /// <param name="start">Time stamp before.</param>
    /// <param name="end">Time stamp after.</param>
    public virtual void OnDelegateStep(int chain, int index, string name, long start, long end)
    {
    }

    /// <summary>An instruction was executed.</summary>
    /// <param name="chain">Index of the chain.</param>
    /// <param name="index">Index of the instruction in its chain.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="start">Time stamp before.</param>
    /// <param name="end">Time stamp after.</param>
    /// <param name="values">The method's value slots.</param>
    public abstract void OnInstruction(int chain, int index, PteInstruction instruction, long start, long end, ReadOnlySpan<EValue> values);
}
