using ExecuSharp.Core;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Png;

namespace ExecuSharp.Tests.Unit.Imaging;

public class PngTests
{
    public static TheoryData<int, int, int, bool> Kinds()
    {
        var data = new TheoryData<int, int, int, bool>();
        foreach (var (color, channels, depths) in ((int, int, int[])[])[(0, 1, [1, 2, 4, 8, 16]), (2, 3, [8, 16]), (3, 1, [1, 2, 4, 8]), (4, 2, [8, 16]), (6, 4, [8, 16])])
        {
            foreach (int depth in depths)
            {
                data.Add(color, channels, depth, false);
                data.Add(color, channels, depth, true);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_decodes_to_its_samples(int color, int channels, int depth, bool interlaced)
    {
        foreach (var (width, height) in ((int, int)[])[(1, 1), (3, 2), (13, 11), (8, 8), (2, 9), (33, 5)])
        {
            var random = new Random(width * 100 + height + color);
            int[] samples = [.. Enumerable.Range(0, width * height * channels).Select(_ => random.Next(1 << depth))];
            byte[] palette = [.. Enumerable.Range(0, 3 << Math.Min(depth, 8)).Select(_ => (byte)random.Next(256))];
            var image = ImageDecoder.Decode(PngWriter.Write(width, height, depth, color, channels, samples, interlaced, color == 3 ? palette : null));
            Assert.Equal((width, height), (image.Width, image.Height));
            var rgb = PixelConversion.ToRgb(image).Pixels;
            for (int i = 0; i < width * height; i++)
            {
                for (int c = 0; c < 3; c++)
                    Assert.Equal(Expected(color, depth, channels, samples, palette, i, c), rgb[i * 3 + c]);
                if (color is 4 or 6)
                    Assert.Equal(samples[i * channels + channels - 1] >> (depth - 8), image.Pixels[(i + 1) * image.Channels - 1]);
            }
        }
    }

    private static int Expected(int color, int depth, int channels, int[] samples, byte[] palette, int pixel, int channel) => color switch
    {
        3 => palette[samples[pixel] * 3 + channel],
        0 when depth == 16 => Math.Min(samples[pixel], 255),
        0 => samples[pixel] * 255 / ((1 << depth) - 1),
        4 => samples[pixel * 2] >> (depth - 8),
        _ => samples[pixel * channels + channel] >> (depth - 8),
    };

    [Fact]
    public void Index_beyond_the_palette_is_a_grey()
    {
        byte[] file = PngWriter.Write(2, 1, 8, 3, 1, [0, 200], false, [10, 20, 30]);
        Assert.Equal([10, 20, 30, 200, 200, 200], PixelConversion.ToRgb(PngDecoder.Decode(file)).Pixels);
    }

    [Fact]
    public void Changed_critical_chunk_is_refused()
    {
        byte[] file = PngWriter.Write(4, 4, 8, 2, 3, new int[48], false);
        file[^20] ^= 1;
        Assert.Contains("CRC", Assert.Throws<ModelFormatException>(() => PngDecoder.Decode(file)).Message);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(30_001, 1)]
    [InlineData(30_000, 30_000)]
    [InlineData(-1, 5)]
    public void Sizes_out_of_range_are_refused_before_memory_is_taken(int width, int height)
    {
        using var file = new MemoryStream();
        file.Write(PngWriter.Write(1, 1, 8, 2, 3, [1, 2, 3], false).AsSpan(0, 8));
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header, width);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        PngWriter.Chunk(file, "IHDR", header);
        PngWriter.Chunk(file, "IEND", []);
        AssertRefusedCheaply(file.ToArray(), "IHDR");
    }

    [Fact]
    public void Huge_picture_with_little_data_is_refused_before_memory_is_taken()
    {
        using var file = new MemoryStream();
        file.Write(PngWriter.Write(1, 1, 8, 2, 3, [1, 2, 3], false).AsSpan(0, 8));
        PngWriter.Chunk(file, "IHDR", [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10, 8, 2, 0, 0, 0]);
        PngWriter.Chunk(file, "IDAT", new byte[100]);
        PngWriter.Chunk(file, "IEND", []);
        AssertRefusedCheaply(file.ToArray(), "IDAT");
    }

    internal static void AssertRefusedCheaply(byte[] file, string place)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ModelFormatException>(() => ImageDecoder.Decode(file));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
        Assert.Contains(place, error.Place);
    }
}
