using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Runtime;

/// <summary>Sees every instruction of a method as it is executed: for profiling, ETDump and layer-by-layer comparison.</summary>
public abstract class MethodObserver
{
    /// <summary>An instruction was executed.</summary>
    /// <param name="chain">Index of the chain.</param>
    /// <param name="index">Index of the instruction in its chain.</param>
    /// <param name="instruction">The instruction.</param>
    /// <param name="start">Time stamp before, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
    /// <param name="end">Time stamp after.</param>
    /// <param name="values">The method's value slots.</param>
    public abstract void OnInstruction(int chain, int index, PteInstruction instruction, long start, long end, ReadOnlySpan<EValue> values);
}
