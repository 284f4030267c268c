using ExecuSharp.Imaging;

namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>Pixels of every recorded file equal Pillow's.</summary>
public class DecodeTests
{
    private const string Folder = "perception-encoder/preprocess/images";

    public static TheoryData<string> Files() =>
        new(ImagingCorpus.List(Folder, "").Where(f => !f.EndsWith(".safetensors") && !f.EndsWith(".json")));

    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_equal_the_recorded_ones(string path)
    {
        var expected = new RecordedTensors(ImagingCorpus.Read(Path.ChangeExtension(path, ".safetensors")));
        byte[] file = ImagingCorpus.Read(path);
        var image = ImageDecoder.Decode(file);
        var rgb = PixelConversion.ToRgb(image);

        Assert.Equal<int[]>(expected.Shape("rgb"), [rgb.Height, rgb.Width, 3]);
        AssertSame(expected.Bytes("rgb"), rgb.Pixels);
        if (expected.Has("native") && expected.Shape("native") is [_, _, var channels])
        {
            Assert.Equal(channels, image.Channels);
            AssertSame(expected.Bytes("native"), image.Pixels);
        }
        if (expected.Has("rgb_upright"))
        {
            var upright = ImageDecoder.DecodeRgb(file, upright: true);
            Assert.Equal<int[]>(expected.Shape("rgb_upright"), [upright.Height, upright.Width, 3]);
            AssertSame(expected.Bytes("rgb_upright"), upright.Pixels);
            Assert.Equal(1, upright.Orientation);
        }
        else
        {
            Assert.Equal(1, image.Orientation);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_truncation_is_an_error(string path)
    {
        byte[] file = ImagingCorpus.Read(path);
        // The last line end of plain-text files may be missing.
        int end = file.AsSpan().TrimEnd("\n "u8).Length;
        if (path.EndsWith(".bmp", StringComparison.Ordinal))
            end = file.Length - 3;
        for (int length = 0; length < end; length += 1 + length / 37)
            Assert.ThrowsAny<Core.ModelFormatException>(() => ImageDecoder.Decode(file.AsSpan(0, length)));
    }

    internal static void AssertSame(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        int different = 0, worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            int gap = Math.Abs(expected[i] - actual[i]);
            different += gap > 0 ? 1 : 0;
            worst = Math.Max(worst, gap);
        }
        Assert.True(different == 0, $"{different} of {expected.Length} samples differ, by at most {worst}");
    }
}
