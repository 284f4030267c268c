namespace ExecuSharp.Formats.Pte;

/// <summary>A segment: offset from the segment base, and size without padding.</summary>
public sealed record PteSegment(ulong Offset, ulong Size);
