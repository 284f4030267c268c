namespace ExecuSharp.Compiler.Memory;

/// <summary>Where each tensor lies in the arena.</summary>
/// <param name="Offsets">Byte offset by tensor.</param>
/// <param name="Bytes">Size of the arena.</param>
public sealed record MemoryPlan(IReadOnlyDictionary<int, long> Offsets, long Bytes);
