namespace ExecuSharp.Formats.Pte;

/// <summary>The bytes of a segment, in pieces that are written one after the other.</summary>
public sealed record PteSegmentData(IReadOnlyList<ReadOnlyMemory<byte>> Pieces)
{
    /// <summary>Bytes of all pieces.</summary>
    public long Length => Pieces.Sum(p => (long)p.Length);
}
