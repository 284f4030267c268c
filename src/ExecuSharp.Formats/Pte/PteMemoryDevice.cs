namespace ExecuSharp.Formats.Pte;

/// <summary>The device of an arena (0 CPU, 1 CUDA).</summary>
public sealed record PteMemoryDevice(int BufferIndex, byte DeviceType, sbyte DeviceIndex);
