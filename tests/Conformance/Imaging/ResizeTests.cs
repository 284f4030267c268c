using System.Globalization;
using System.Text.Json;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Resampling;

namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>Resized pixels equal Pillow's, and torch's antialiased 8-bit kernel within one level.</summary>
public class ResizeTests
{
    public static TheoryData<string> Files() => new(ImagingCorpus.List("perception-encoder/preprocess/resize", ".safetensors"));

    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_equal_Pillow(string path)
    {
        var recorded = new RecordedTensors(ImagingCorpus.Read(path));
        int cases = 0;
        foreach (string name in recorded.Names.Where(n => n.StartsWith("pillow.")))
        {
            var (source, filter, box) = Parse(recorded, name);
            int[] shape = recorded.Shape(name);
            var actual = Resampler.Resize(source, shape[1], shape[0], filter, box);
            Assert.True(recorded.Bytes(name).AsSpan().SequenceEqual(actual.Pixels), $"{path} {name}");
            cases++;
        }
        Assert.True(cases >= 10);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_are_within_a_level_of_torch(string path)
    {
        var recorded = new RecordedTensors(ImagingCorpus.Read(path));
        foreach (string name in recorded.Names.Where(n => n.StartsWith("torchvision_u8.") && n.Contains(".antialias.")))
        {
            int[] shape = recorded.Shape(name);
            byte[] expected = recorded.Bytes(name);
            var filter = name.Contains("bicubic") ? ResampleFilter.Bicubic : ResampleFilter.Bilinear;
            // torch goes across first, always
            var source = Source(recorded, "source", PixelFormat.Rgb);
            var actual = Resampler.Resize(Resampler.Resize(source, shape[2], source.Height, filter), shape[2], shape[1], filter);
            int plane = shape[1] * shape[2];
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual.Pixels[i % plane * 3 + i / plane]) <= 1, $"{path} {name} at {i}");
        }
    }

    [Fact]
    public void Handmade_cases_are_equal()
    {
        using var json = JsonDocument.Parse(ImagingCorpus.Read("perception-encoder/pil_resize.json"));
        byte[] input = Flatten(json.RootElement.GetProperty("input").GetProperty("rgb_rows"));
        var source = new Image(7, 5, PixelFormat.Rgb, input);
        foreach (var item in json.RootElement.EnumerateObject().Where(p => p.Name != "input"))
        {
            string[] size = item.Name[(item.Name.IndexOf('_') + 1)..].Split('x');
            var filter = item.Name.StartsWith("bicubic") ? ResampleFilter.Bicubic : ResampleFilter.Bilinear;
            var actual = Resampler.Resize(source, int.Parse(size[0]), int.Parse(size[1]), filter);
            Assert.Equal(Flatten(item.Value), actual.Pixels);
        }
    }

    private static byte[] Flatten(JsonElement rows) =>
        [.. rows.EnumerateArray().SelectMany(r => r.EnumerateArray()).SelectMany(p => p.EnumerateArray()).Select(v => v.GetByte())];

    private static (Image Source, ResampleFilter Filter, ResampleBox? Box) Parse(RecordedTensors recorded, string name)
    {
        // pillow.FILTER[.MODE][.box_left_top_right_bottom].WxH; the box has dots of its own
        var filter = Enum.Parse<ResampleFilter>(name.Split('.')[1], ignoreCase: true);
        ResampleBox? box = null;
        if (name.Contains(".box_"))
        {
            string text = name[(name.IndexOf(".box_", StringComparison.Ordinal) + 5)..name.LastIndexOf('.')];
            float[] sides = [.. text.Split('_').Select(s => float.Parse(s, CultureInfo.InvariantCulture))];
            box = new ResampleBox(sides[0], sides[1], sides[2], sides[3]);
        }
        var source = name.Contains(".L.") ? Source(recorded, "source.L", PixelFormat.Gray)
            : name.Contains(".RGBA.") ? Source(recorded, "source.RGBA", PixelFormat.Rgba)
            : Source(recorded, "source", PixelFormat.Rgb);
        return (source, filter, box);
    }

    private static Image Source(RecordedTensors recorded, string name, PixelFormat format) =>
        new(recorded.Shape(name)[1], recorded.Shape(name)[0], format, recorded.Bytes(name));
}
