using System.Buffers.Binary;
using System.Numerics;
using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Bmp;

/// <summary>The file header, the information header, masks and palette.</summary>
internal sealed class BmpHeader
{
    public const int Rle8 = 1;
    public const int Rle4 = 2;
    private const int BitFields = 3;
    private const int AlphaBitFields = 6;
    private const int FileHeaderLength = 14;
    private const int CoreLength = 12;

    public int Width { get; private set; }

    public int Height { get; private set; }

    public int BitsPerPixel { get; private set; }

    public int Compression { get; private set; }

    public int DataOffset { get; private set; }

    /// <summary>256 RGB triples for up to 8 bits; entries that the file does not have are the grey of their index.</summary>
    public byte[] Palette { get; } = new byte[768];

    /// <summary>True for 8-bit pictures whose palette is the grey ramp.</summary>
    public bool GrayPalette { get; private set; }

    /// <summary>Bits of red, green, blue and alpha in a pixel of 16, 24 or 32 bits.</summary>
    public uint[] Masks { get; private set; } = [];

    private bool topDown;

    /// <summary>The row of the file that holds row <paramref name="y"/> from the top.</summary>
    public int FileRow(int y) => topDown ? y : Height - 1 - y;

    public static BmpHeader Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < FileHeaderLength + CoreLength || !file.StartsWith("BM"u8))
            throw new ModelFormatException("byte 0", "BM and at least 26 bytes", $"{file.Length} bytes");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]);
        if (length is not (12 or 40 or 52 or 56 or 64 or 108 or 124) || FileHeaderLength + length > file.Length)
            throw new ModelFormatException("byte 14", $"an information header of 12, 40, 52, 56, 64, 108 or 124 bytes in a file of {file.Length}", $"{length}");
        var info = file.Slice(FileHeaderLength, (int)length);
        var header = new BmpHeader();
        header.ParseInfo(info);
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]);
        int end = FileHeaderLength + (int)length;
        if (header.BitsPerPixel > 8)
            end = header.ParseMasks(file, info, end);
        else
            end = header.ParsePalette(file, info, end, offset);
        header.DataOffset = offset == 0 ? end : (int)Math.Min(offset, int.MaxValue);
        return header;
    }

    private void ParseInfo(ReadOnlySpan<byte> info)
    {
        long width, height;
        if (info.Length == CoreLength)
        {
            (width, height) = (BinaryPrimitives.ReadUInt16LittleEndian(info[4..]), BinaryPrimitives.ReadUInt16LittleEndian(info[6..]));
            BitsPerPixel = BinaryPrimitives.ReadUInt16LittleEndian(info[10..]);
        }
        else
        {
            (width, height) = (BinaryPrimitives.ReadInt32LittleEndian(info[4..]), BinaryPrimitives.ReadInt32LittleEndian(info[8..]));
            BitsPerPixel = BinaryPrimitives.ReadUInt16LittleEndian(info[14..]);
            Compression = BinaryPrimitives.ReadInt32LittleEndian(info[16..]);
        }
        topDown = height < 0;
        Image.CheckSize("byte 18", width, Math.Abs(height));
        (Width, Height) = ((int)width, (int)Math.Abs(height));
        bool known = (Compression, BitsPerPixel) is (0, 1 or 4 or 8 or 16 or 24 or 32) or (Rle8, 8) or (Rle4, 4) or (BitFields or AlphaBitFields, 16 or 32);
        if (!known)
            throw new ModelFormatException("byte 28", "1, 4, 8, 16, 24 or 32 bits, uncompressed, bit fields or run lengths", $"{BitsPerPixel} bits, compression {Compression}");
    }

    private int ParseMasks(ReadOnlySpan<byte> file, ReadOnlySpan<byte> info, int end)
    {
        Masks = BitsPerPixel == 16 ? [0x7C00, 0x3E0, 0x1F, 0] : [0xFF0000, 0xFF00, 0xFF, 0];
        if (Compression == 0)
            return end;
        // In the longer headers the masks are fields; after a 40-byte header they follow it.
        bool inside = info.Length >= 52;
        int count = inside ? (info.Length >= 56 ? 4 : 3) : Compression == AlphaBitFields ? 4 : 3;
        var masks = inside ? info[40..] : file[end..];
        if (masks.Length < 4 * count)
            throw new ModelFormatException($"byte {end}", $"{count} colour masks", $"{masks.Length} bytes");
        for (int i = 0; i < count; i++)
        {
            uint mask = BinaryPrimitives.ReadUInt32LittleEndian(masks[(4 * i)..]);
            uint run = mask == 0 ? 0 : mask >> BitOperations.TrailingZeroCount(mask);
            if ((run & (run + 1)) != 0 || run > 0xFFFF || (BitsPerPixel == 16 && mask > 0xFFFF))
                throw new ModelFormatException($"colour mask {i}", $"up to 16 adjacent bits of {BitsPerPixel}", $"{mask:X8}");
            Masks[i] = mask;
        }
        return inside ? end : end + 4 * count;
    }

    private int ParsePalette(ReadOnlySpan<byte> file, ReadOnlySpan<byte> info, int end, uint offset)
    {
        int entry = info.Length == CoreLength ? 3 : 4;
        long colors = info.Length == CoreLength ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(info[32..]);
        if (colors == 0)
            colors = 1 << BitsPerPixel;
        if (colors > 1 << BitsPerPixel || end + colors * entry > file.Length)
        {
            // Some writers store fewer entries than they say; the data offset tells.
            long room = (Math.Min(offset, file.Length) - end) / entry;
            if (room < 1 || colors > 65536)
                throw new ModelFormatException($"byte {end}", $"a palette of {colors} colours", $"{Math.Max(file.Length - end, 0)} bytes");
            colors = Math.Min(Math.Min(room, colors), 256);
        }
        for (int i = 0; i < 256; i++)
            Palette[3 * i] = Palette[3 * i + 1] = Palette[3 * i + 2] = (byte)i;
        GrayPalette = BitsPerPixel == 8;
        for (int i = 0; i < colors; i++)
        {
            var bgr = file.Slice(end + i * entry, 3);
            (Palette[3 * i], Palette[3 * i + 1], Palette[3 * i + 2]) = (bgr[2], bgr[1], bgr[0]);
            GrayPalette &= bgr[0] == i && bgr[1] == i && bgr[2] == i;
        }
        return end + (int)colors * entry;
    }
}
