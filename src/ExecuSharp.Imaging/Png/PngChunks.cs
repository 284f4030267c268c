using System.Buffers.Binary;
using System.IO.Compression;
using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Png;

/// <summary>The chunks of a file that matter here: length u32, type, data, CRC-32 of type and data.</summary>
internal sealed class PngChunks
{
    // Deflate cannot expand more than this (258 bytes for 2 bits).
    private const int MaxExpansion = 1032;

    private readonly MemoryStream compressed = new();
    private readonly byte[] palette = new byte[768];
    private bool hasPalette;

    public PngHeader Header { get; private set; } = null!;

    /// <summary>From an eXIf chunk, else 1.</summary>
    public int Orientation { get; private set; } = 1;

    public static PngChunks Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(PngDecoder.Signature))
            throw new ModelFormatException("byte 0", "the PNG signature", file.IsEmpty ? "an empty file" : Convert.ToHexString(file[..Math.Min(8, file.Length)]));
        var chunks = new PngChunks();
        int at = 8;
        while (true)
        {
            if (file.Length - at < 12)
                throw new ModelFormatException($"byte {at}", "a chunk of at least 12 bytes, or IEND before", $"{file.Length - at} bytes");
            uint length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
            if (length > file.Length - at - 12)
                throw new ModelFormatException($"byte {at}", $"a chunk of at most {file.Length - at - 12} bytes", $"{length}");
            var type = file.Slice(at + 4, 4);
            var data = file.Slice(at + 8, (int)length);
            bool critical = (type[0] & 0x20) == 0;
            if (critical && Crc32.Compute(file.Slice(at + 4, 4 + (int)length)) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + (int)length)..]))
                throw new ModelFormatException($"byte {at}", "a chunk with the right CRC", Convert.ToHexString(type));
            if (type.SequenceEqual("IEND"u8))
                break;
            chunks.Add(type, data, at);
            at += 12 + (int)length;
        }
        if (chunks.Header is null)
            throw new ModelFormatException("byte 8", "IHDR", "IEND");
        return chunks;
    }

    /// <summary>The palette of an indexed picture: the file's, two grey levels, or none.</summary>
    public ReadOnlyMemory<byte> Palette()
    {
        if (Header.Format != PixelFormat.Indexed)
            return default;
        if (Header.Color == PngColorType.Gray)
            return Pnm.PnmDecoder.BlackAndWhite();
        return hasPalette ? palette : throw new ModelFormatException("IDAT", "PLTE before", "none");
    }

    /// <summary>Inflates all IDAT data, which must have exactly the bytes that the header asks for (or more, ignored).</summary>
    public byte[] Inflate(long length)
    {
        if (length > MaxExpansion * compressed.Length || length > Array.MaxLength)
            throw new ModelFormatException("IDAT", $"compressed data for {length} bytes", $"{compressed.Length} bytes");
        var raw = new byte[length];
        compressed.Position = 0;
        try
        {
            using var zlib = new ZLibStream(compressed, CompressionMode.Decompress);
            int read = zlib.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false);
            if (read < raw.Length)
                throw new ModelFormatException("IDAT", $"{raw.Length} bytes after inflating", $"{read}");
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException("IDAT", "zlib data", e.Message, inner: e);
        }
        return raw;
    }

    private void Add(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data, int at)
    {
        if (Header is null != type.SequenceEqual("IHDR"u8))
            throw new ModelFormatException($"byte {at}", "IHDR first and once", Convert.ToHexString(type));
        if (Header is null)
            Header = PngHeader.Parse(data);
        else if (type.SequenceEqual("IDAT"u8))
            compressed.Write(data);
        else if (type.SequenceEqual("PLTE"u8))
            ReadPalette(data, at);
        else if (type.SequenceEqual("eXIf"u8))
            Orientation = ExifOrientation.Read(data);
    }

    private void ReadPalette(ReadOnlySpan<byte> data, int at)
    {
        if (data.Length % 3 != 0 || data.Length is 0 or > 768)
            throw new ModelFormatException($"byte {at}", "1 to 256 RGB triples", $"{data.Length} bytes");
        // Indices beyond the palette show as grey, as in Pillow.
        for (int i = 0; i < palette.Length; i++)
            palette[i] = (byte)(i / 3);
        data.CopyTo(palette);
        hasPalette = true;
    }
}
