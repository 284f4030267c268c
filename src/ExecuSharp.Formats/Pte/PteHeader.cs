namespace ExecuSharp.Formats.Pte;

/// <summary>The extended header at byte 8 of a <c>.pte</c> (magic eh00).</summary>
/// <param name="Length">Header bytes: 24 up to release 0.7, 32 since 1.0; more is allowed.</param>
/// <param name="ProgramSize">Bytes from the file's start to the end of the FlatBuffer.</param>
/// <param name="SegmentBase">File offset of the first segment; 0 for none.</param>
/// <param name="SegmentDataSize">Bytes of all segments; 0 for unknown.</param>
public sealed record PteHeader(uint Length, ulong ProgramSize, ulong SegmentBase, ulong SegmentDataSize);
