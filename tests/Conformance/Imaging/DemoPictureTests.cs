using System.Text.Json;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Resampling;

namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>The JPEG pictures of the demonstration, decoded and squashed to 64x64, equal the pixels that the model was run on.</summary>
public class DemoPictureTests
{
    [Fact]
    public void Resized_pixels_equal_the_recorded_ones()
    {
        var recorded = new RecordedTensors(ImagingCorpus.Read("demo/expected.safetensors"));
        byte[] expected = recorded.Bytes("jpeg_pixels_u8");
        using var json = JsonDocument.Parse(ImagingCorpus.Read("demo/pictures.json"));
        var pictures = json.RootElement.GetProperty("order").EnumerateArray().Select(e => e.GetString()!).Where(n => n.EndsWith(".jpg")).ToArray();
        const int plane = 64 * 64;
        Assert.Equal(recorded.Shape("jpeg_pixels_u8")[0], pictures.Length);
        for (int p = 0; p < pictures.Length; p++)
        {
            var image = Resampler.Resize(ImageDecoder.DecodeRgb(ImagingCorpus.Read("demo/pictures/" + pictures[p])), 64, 64);
            for (int i = 0; i < 3 * plane; i++)
                Assert.True(expected[p * 3 * plane + i] == image.Pixels[i % plane * 3 + i / plane], $"{pictures[p]} at {i}");
        }
    }
}
