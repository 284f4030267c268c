using System.Buffers.Binary;
using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Png;

/// <summary>The IHDR chunk: width u32, height u32, depth u8, colour type u8, compression u8, filter u8, interlace u8.</summary>
internal sealed record PngHeader(int Width, int Height, int Depth, PngColorType Color, bool Interlaced)
{
    /// <summary>Samples of a pixel in the file.</summary>
    public int SamplesPerPixel => Color switch
    {
        PngColorType.Rgb => 3,
        PngColorType.GrayAlpha => 2,
        PngColorType.Rgba => 4,
        _ => 1,
    };

    /// <summary>Bytes between a sample and the one that filters compare it with.</summary>
    public int FilterDistance => Math.Max(1, SamplesPerPixel * Depth / 8);

    /// <summary>Format of the decoded picture.</summary>
    public PixelFormat Format => Color switch
    {
        PngColorType.Gray => Depth == 1 ? PixelFormat.Indexed : PixelFormat.Gray,
        PngColorType.Rgb => PixelFormat.Rgb,
        PngColorType.Palette => PixelFormat.Indexed,
        PngColorType.GrayAlpha => Depth == 8 ? PixelFormat.GrayAlpha : PixelFormat.Rgba,
        _ => PixelFormat.Rgba,
    };

    /// <summary>Bytes of a row without its filter byte.</summary>
    public long RowLength(int width) => ((long)width * SamplesPerPixel * Depth + 7) / 8;

    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length != 13)
            throw new ModelFormatException("IHDR", "13 bytes", $"{data.Length}");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        Image.CheckSize("IHDR", width, height);
        int depth = data[8];
        var color = (PngColorType)data[9];
        bool valid = color switch
        {
            PngColorType.Gray => depth is 1 or 2 or 4 or 8 or 16,
            PngColorType.Palette => depth is 1 or 2 or 4 or 8,
            PngColorType.Rgb or PngColorType.GrayAlpha or PngColorType.Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!valid || data[10] != 0 || data[11] != 0 || data[12] > 1)
            throw new ModelFormatException("IHDR", "a valid depth and colour type, methods 0, interlace 0 or 1", Convert.ToHexString(data[8..]));
        return new PngHeader((int)width, (int)height, depth, color, data[12] == 1);
    }
}
