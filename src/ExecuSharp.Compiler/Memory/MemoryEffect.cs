namespace ExecuSharp.Compiler.Memory;

/// <summary>What one instruction does to memory, and where the next one is.</summary>
/// <param name="Reads">Tensors that it reads.</param>
/// <param name="Writes">Tensors that it writes whole, or begins to write.</param>
/// <param name="Jump">The instruction that may follow instead of the next one; null without a jump.</param>
/// <param name="AlwaysJumps">The next one never follows.</param>
/// <param name="InPlace">Those that it reads index by index, before it writes that index; what it writes may have exactly their place.</param>
public sealed record MemoryEffect(IReadOnlyList<int> Reads, IReadOnlyList<int> Writes, int? Jump = null, bool AlwaysJumps = false, IReadOnlyList<int>? InPlace = null);
