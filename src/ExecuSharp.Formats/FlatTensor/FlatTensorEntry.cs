namespace ExecuSharp.Formats.FlatTensor;

/// <summary>A tensor or an opaque blob of a <c>.ptd</c>.</summary>
/// <param name="Key">Full name of the tensor, or key of the blob.</param>
/// <param name="SegmentIndex">Segment with its bytes.</param>
/// <param name="Offset">Offset in the segment.</param>
/// <param name="Layout">Type and sizes; null for a blob.</param>
public sealed record FlatTensorEntry(string Key, uint SegmentIndex, ulong Offset, FlatTensorLayout? Layout)
{
    /// <summary>Bytes of the tensor; null for a blob, which takes the rest of its segment.</summary>
    public long? ByteLength => Layout is null ? null : Layout.Sizes.Aggregate((long)Core.ScalarTypes.SizeOf(Layout.Type), (n, s) => n * s);
}
