using System.Buffers.Binary;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.XnnPack;

/// <summary>The 30 bytes in front of a payload: magic XH00 at 4, length at 8, then offsets and sizes of the FlatBuffer and of the constants.</summary>
public readonly record struct XnnPayloadHeader(int Length, int FlatBufferOffset, int FlatBufferSize, int ConstantDataOffset, int ConstantDataSize)
{
    /// <summary>Bytes of the header.</summary>
    public const int Size = 30;

    /// <summary>Reads the header.</summary>
    /// <returns>The header, or null where the magic is another: then the blob is a raw FlatBuffer.</returns>
    /// <exception cref="ModelFormatException">A blob below 30 bytes, or regions outside the blob or over each other.</exception>
    public static XnnPayloadHeader? Read(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < Size)
            throw new ModelFormatException("byte 0 of an XNNPACK payload", $"at least {Size} bytes", $"{blob.Length}");
        if (!blob.Slice(4, 4).SequenceEqual("XH00"u8))
            return null;
        uint flatOffset = BinaryPrimitives.ReadUInt32LittleEndian(blob[10..]);
        uint flatSize = BinaryPrimitives.ReadUInt32LittleEndian(blob[14..]);
        uint dataOffset = BinaryPrimitives.ReadUInt32LittleEndian(blob[18..]);
        ulong dataSize = BinaryPrimitives.ReadUInt64LittleEndian(blob[22..]);
        if (flatSize < 8 || (ulong)flatOffset + flatSize > (ulong)blob.Length)
            throw new ModelFormatException("byte 10 of an XNNPACK payload", $"a FlatBuffer of at least 8 bytes inside the {blob.Length}", $"{flatSize} bytes at {flatOffset}");
        if (dataOffset > blob.Length || dataSize > (ulong)blob.Length - dataOffset)
            throw new ModelFormatException("byte 18 of an XNNPACK payload", $"constants inside the {blob.Length} bytes", $"{dataSize} bytes at {dataOffset}");
        if (dataOffset < (ulong)flatOffset + flatSize)
            throw new ModelFormatException("byte 18 of an XNNPACK payload", $"constants behind the FlatBuffer, which ends at {(ulong)flatOffset + flatSize}", $"{dataOffset}");
        return new XnnPayloadHeader(BinaryPrimitives.ReadUInt16LittleEndian(blob[8..]), (int)flatOffset, (int)flatSize, (int)dataOffset, (int)dataSize);
    }

    internal void Write(Span<byte> blob)
    {
        "XH00"u8.CopyTo(blob[4..]);
        BinaryPrimitives.WriteUInt16LittleEndian(blob[8..], (ushort)Length);
        BinaryPrimitives.WriteInt32LittleEndian(blob[10..], FlatBufferOffset);
        BinaryPrimitives.WriteInt32LittleEndian(blob[14..], FlatBufferSize);
        BinaryPrimitives.WriteInt32LittleEndian(blob[18..], ConstantDataOffset);
        BinaryPrimitives.WriteInt64LittleEndian(blob[22..], ConstantDataSize);
    }
}
