namespace ExecuSharp.Formats.Pte;

/// <summary>A place in planned memory. Arenas count from 1.</summary>
public sealed record PteAllocation(uint MemoryId, ulong Offset);
