namespace ExecuSharp.Compiler.Memory;

/// <summary>Memory that a tensor needs.</summary>
/// <param name="Id">The tensor.</param>
/// <param name="Bytes">Bytes at the upper bound of its sizes.</param>
/// <param name="First">First instruction that writes it; -1 for a method's input.</param>
/// <param name="Last">Last instruction that reads it; the number of instructions for an output or for state.</param>
public sealed record MemoryRequest(int Id, long Bytes, int First, int Last)
{
    /// <summary>True if both need their memory at the same time.</summary>
    public bool Overlaps(MemoryRequest other) => First <= other.Last && other.First <= Last;
}
