namespace ExecuSharp.Compiler.Memory;

/// <summary>Memory that a tensor needs.</summary>
/// <param name="Id">The tensor.</param>
/// <param name="Bytes">Bytes at the upper bound of its sizes.</param>
/// <param name="First">First instruction that writes it; -1 for a method's input.</param>
/// <param name="Last">Last instruction that reads it; the number of instructions for an output or for state.</param>
/// <param name="InPlaceOf">A tensor whose place it may take: the instruction that first writes this one reads that one last, index by index. Null for none.</param>
public sealed record MemoryRequest(int Id, long Bytes, int First, int Last, int? InPlaceOf = null)
{
    /// <summary>True if both need their memory at the same time.</summary>
    public bool Overlaps(MemoryRequest other) => First <= other.Last && other.First <= Last;

    /// <summary>True if it may take the place of another one.</summary>
    public bool MayReplace(MemoryRequest other) => InPlaceOf == other.Id && other.Last == First && other.First < First && other.Bytes == Bytes;
}
