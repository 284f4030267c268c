namespace ExecuSharp.Inspection;

/// <summary>A tensor in planned memory.</summary>
/// <param name="Slot">Value slot.</param>
/// <param name="Type">Type and sizes.</param>
/// <param name="Arena">Arena, from 1.</param>
/// <param name="Offset">Byte offset in the arena.</param>
/// <param name="Bytes">Number of bytes.</param>
/// <param name="First">First instruction, counted over all chains, that touches it; 0 for inputs and state.</param>
/// <param name="Last">Last instruction that touches it; the number of instructions for outputs and state. -1 for a tensor that nothing touches.</param>
public sealed record PlannedTensor(int Slot, string Type, uint Arena, ulong Offset, ulong Bytes, int First, int Last);
