using ExecuSharp.Core;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Jpeg;

namespace ExecuSharp.Tests.Unit.Imaging;

public class JpegTests
{
    // A grey picture of one block: DC size 0 to 11 have codes of 4 bits in order, AC has the end of block as the code 0.
    private static byte[] OneBlock(int sof = 0xC0, int precision = 8, int width = 8, int height = 8, byte[]? data = null, bool end = true) =>
    [
        0xFF, 0xD8,
        0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)8, 64),
        0xFF, (byte)sof, 0, 11, (byte)precision, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0,
        0xFF, 0xC4, 0, 31, 0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
        0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0,
        .. data ?? [0x57, 0x3F], // DC of size 5 (code 0101), value 01110 = -17, then the end of block, then ones
        .. end ? new byte[] { 0xFF, 0xD9 } : [],
    ];

    [Fact]
    public void Block_of_DC_only_is_flat()
    {
        var image = JpegDecoder.Decode(OneBlock());
        Assert.Equal(PixelFormat.Gray, image.Format);
        // -17 * 8 / 8 + 128
        Assert.All(image.Pixels, p => Assert.Equal(111, p));
    }

    [Fact]
    public void Picture_may_be_smaller_than_its_blocks()
    {
        var image = JpegDecoder.Decode(OneBlock(width: 3, height: 5));
        Assert.Equal(15, image.Pixels.Length);
    }

    [Theory]
    [InlineData(0xC3)]
    [InlineData(0xC9)]
    [InlineData(0xCA)]
    [InlineData(0xC5)]
    public void Other_processes_are_named_and_refused(int sof) =>
        Assert.Contains($"SOF{sof - 0xC0}", Assert.Throws<ModelFormatException>(() => JpegDecoder.Decode(OneBlock(sof))).Found);

    [Fact]
    public void Twelve_bits_are_refused() =>
        Assert.Contains("8 bits", Assert.Throws<ModelFormatException>(() => JpegDecoder.Decode(OneBlock(precision: 12))).Expected);

    [Fact]
    public void Missing_data_is_an_error()
    {
        Assert.Throws<ModelFormatException>(() => JpegDecoder.Decode(OneBlock(data: [])));
        Assert.Throws<ModelFormatException>(() => JpegDecoder.Decode(OneBlock(end: false)));
        Assert.Throws<ModelFormatException>(() => JpegDecoder.Decode(OneBlock(width: 64, height: 64)));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(8, 0)]
    [InlineData(30_001, 8)]
    [InlineData(29_000, 6_000)]
    public void Sizes_out_of_range_or_without_data_are_refused_before_memory_is_taken(int width, int height) =>
        PngTests.AssertRefusedCheaply(OneBlock(width: width, height: height), "frame header");
}
