namespace ExecuSharp.Formats.Pte;

/// <summary>A key and the segment with its bytes.</summary>
public sealed record PteNamedData(string Key, uint SegmentIndex);
