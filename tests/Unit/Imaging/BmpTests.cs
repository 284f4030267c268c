using System.Buffers.Binary;
using ExecuSharp.Core;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Bmp;

namespace ExecuSharp.Tests.Unit.Imaging;

public class BmpTests
{
    private static byte[] Write(int width, int height, int bits, byte[] data, int compression = 0, byte[]? extra = null, int colors = 0)
    {
        extra ??= [];
        var file = new byte[54 + extra.Length + data.Length];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), 54 + extra.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        file[26] = 1;
        file[28] = (byte)bits;
        file[30] = (byte)compression;
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(46), colors);
        extra.CopyTo(file, 54);
        data.CopyTo(file, 54 + extra.Length);
        return file;
    }

    private static byte[] Rgb(byte[] file) => PixelConversion.ToRgb(ImageDecoder.Decode(file)).Pixels;

    [Fact]
    public void Rows_go_from_the_bottom_unless_the_height_is_negative()
    {
        byte[] data = [1, 2, 3, 0, 4, 5, 6, 0];
        Assert.Equal([6, 5, 4, 3, 2, 1], Rgb(Write(1, 2, 24, data)));
        Assert.Equal([3, 2, 1, 6, 5, 4], Rgb(Write(1, -2, 24, data)));
    }

    [Fact]
    public void Sixteen_bits_are_555_or_as_the_masks_say()
    {
        Assert.Equal([255, 0, 8], Rgb(Write(1, 1, 16, [0x01, 0x7C, 0, 0])));
        byte[] masks = [0, 0xF8, 0, 0, 0xE0, 0x07, 0, 0, 0x1F, 0, 0, 0];
        Assert.Equal([255, 4, 0], Rgb(Write(1, 1, 16, [0x20, 0xF8, 0, 0], 3, masks)));
    }

    [Fact]
    public void Thirty_two_bits_ignore_the_fourth_byte_without_masks() => Assert.Equal([3, 2, 1], Rgb(Write(1, 1, 32, [1, 2, 3, 77])));

    [Fact]
    public void Palettes_of_one_and_four_bits()
    {
        byte[] palette = [1, 2, 3, 0, 9, 8, 7, 0];
        Assert.Equal([7, 8, 9, 3, 2, 1, 7, 8, 9], Rgb(Write(3, 1, 1, [0xA0, 0, 0, 0], extra: palette, colors: 2)));
        Assert.Equal([3, 2, 1, 7, 8, 9], Rgb(Write(2, 1, 4, [0x01, 0, 0, 0], extra: palette, colors: 2)));
    }

    [Fact]
    public void Run_lengths_of_both_kinds()
    {
        byte[] palette = new byte[1024];
        for (int i = 0; i < 256; i++)
            (palette[4 * i], palette[4 * i + 1], palette[4 * i + 2]) = ((byte)i, (byte)(i ^ 1), (byte)i);
        // bottom row: 3 x 5; line end; top row: literal 1 2 3 (padded); picture end
        byte[] indices = ImageDecoder.Decode(Write(3, 2, 8, [3, 5, 0, 0, 0, 3, 1, 2, 3, 0, 0, 1], 1, palette)).Pixels;
        Assert.Equal([1, 2, 3, 5, 5, 5], indices);
        // jump two right and one up, then 2 x (nibbles 1, 2)
        byte[] jumped = ImageDecoder.Decode(Write(4, 2, 4, [0, 2, 2, 1, 2, 0x12, 0, 1], 2, palette[..64])).Pixels;
        Assert.Equal([0, 0, 1, 2, 0, 0, 0, 0], jumped);
    }

    [Fact]
    public void Errors_name_the_place()
    {
        Assert.Equal("byte 28", Assert.Throws<ModelFormatException>(() => BmpDecoder.Decode(Write(1, 1, 7, new byte[4]))).Place);
        Assert.Equal("byte 18", Assert.Throws<ModelFormatException>(() => BmpDecoder.Decode(Write(0, 1, 24, new byte[4]))).Place);
        Assert.Equal("byte 18", Assert.Throws<ModelFormatException>(() => BmpDecoder.Decode(Write(1, int.MinValue, 24, new byte[4]))).Place);
        Assert.Equal("byte 54", Assert.Throws<ModelFormatException>(() => BmpDecoder.Decode(Write(2, 1, 24, new byte[7]))).Place);
        Assert.Throws<ModelFormatException>(() => BmpDecoder.Decode("BM"u8));
    }
}
