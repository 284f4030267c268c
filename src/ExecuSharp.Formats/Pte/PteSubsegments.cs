namespace ExecuSharp.Formats.Pte;

/// <summary>Offsets of tensors in a segment; entry 0 is a placeholder.</summary>
public sealed record PteSubsegments(uint SegmentIndex, IReadOnlyList<ulong> Offsets);
