namespace ExecuSharp.Formats.EtDump;

/// <summary>One event of a run.</summary>
public abstract record EtDumpEvent
{
    /// <summary>Something that took time.</summary>
    /// <param name="Name">Name such as <c>OPERATOR_CALL</c>; null for an event inside a delegate.</param>
    /// <param name="Chain">Chain of the instruction; -1 outside of instructions.</param>
    /// <param name="Instruction">Instruction, or -1. Events of a whole method have 0.</param>
    /// <param name="Delegate">Place in a delegate, or null.</param>
    /// <param name="Start">Start in ticks of the platform: nanoseconds on hosts.</param>
    /// <param name="End">End, in the same unit.</param>
    public sealed record Profile(string? Name, int Chain, int Instruction, EtDumpDelegate? Delegate, ulong Start, ulong End) : EtDumpEvent;

    /// <summary>Memory that was taken.</summary>
    /// <param name="Allocator">Index in <see cref="EtDumpRun.Allocators"/>.</param>
    /// <param name="Bytes">Size.</param>
    public sealed record Allocation(int Allocator, ulong Bytes) : EtDumpEvent;

    /// <summary>A value that was logged.</summary>
    /// <param name="Name">Name, or null.</param>
    /// <param name="Chain">Chain of the instruction. The schema has an unsigned number; -1 is stored as 2^64 - 1.</param>
    /// <param name="Instruction">Instruction, or -1.</param>
    /// <param name="Delegate">Place in a delegate, or null.</param>
    /// <param name="Value">The value.</param>
    public sealed record Debug(string? Name, long Chain, int Instruction, EtDumpDelegate? Delegate, EtDumpValue Value) : EtDumpEvent;
}
