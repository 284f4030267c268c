using System.Text.Json;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Resampling;
using ExecuSharp.Imaging.Tensors;

namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>Whole input pipelines, from file to tensor, equal open_clip's, torchvision's and timm's within 1e-6.</summary>
public class PipelineTests
{
    private const string Folder = "perception-encoder/preprocess/";
    private const int Size = 32;
    private static readonly float[] Half = [0.5f, 0.5f, 0.5f];

    public static TheoryData<string> Files() => new(ImagingCorpus.List(Folder + "pipeline", ".safetensors"));

    [Theory]
    [MemberData(nameof(Files))]
    public void Tensors_equal_the_recorded_ones(string path)
    {
        var recorded = new RecordedTensors(ImagingCorpus.Read(path));
        var image = ImageDecoder.Decode(Picture(Path.GetFileNameWithoutExtension(path)["pipeline_".Length..]));
        Assert.True(recorded.Names.Count() >= 5);
        foreach (string name in recorded.Names)
        {
            float[] expected = recorded.Floats(name), actual = new float[3 * Size * Size];
            var result = Prepare(name, image);
            if (name.Contains("clip_clip"))
                ImageTensor.WriteNormalized(result, [0.48145466f, 0.4578275f, 0.40821073f], [0.26862954f, 0.26130258f, 0.27577711f], actual);
            else
                ImageTensor.WriteNormalized(result, Half, Half, actual);
            AssertClose(expected, actual, 1e-6f, $"{path} {name}");
            if (name == "open_clip_pe_squash_bilinear")
            {
                ImageTensor.WriteSigned(result, actual);
                AssertClose(expected, actual, 1e-6f, $"{path} {name}, u8 / 127.5 - 1");
            }
        }
    }

    private static Image Prepare(string pipeline, Image image) => pipeline switch
    {
        "open_clip_pe_squash_bilinear" or "official_pe_by_torchvision" => Resampler.Resize(image, Size, Size),
        "open_clip_shortest_bilinear" or "official_pe_center_crop_by_torchvision" => Resampler.ResizeShortSide(image, Size).CenterCrop(Size, Size),
        "open_clip_clip_shortest_bicubic" => Resampler.ResizeShortSide(image, Size, ResampleFilter.Bicubic).CenterCrop(Size, Size),
        "open_clip_longest_bilinear" => Resampler.ResizeToFit(image, Size, Size).CenterCrop(Size, Size),
        // timm's transform does not convert; it was given RGB.
        "timm_default_config" => Resampler.ResizeShortSide(PixelConversion.ToRgb(image), Size, ResampleFilter.Bicubic).CenterCrop(Size, Size),
        _ => throw new ArgumentException(pipeline),
    };

    private static byte[] Picture(string name)
    {
        foreach (string folder in (string[])["pipeline/", "images/"])
        {
            foreach (string extension in (string[])[".png", ".jpg", ".bmp"])
            {
                if (ImagingCorpus.Exists(Folder + folder + name + extension))
                    return ImagingCorpus.Read(Folder + folder + name + extension);
            }
        }
        throw new FileNotFoundException(name);
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance, string what)
    {
        int wrong = 0;
        float worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            float gap = Math.Abs(expected[i] - actual[i]);
            wrong += gap > tolerance ? 1 : 0;
            worst = Math.Max(worst, gap);
        }
        Assert.True(wrong == 0, $"{what}: {wrong} of {expected.Length} values differ, by at most {worst}");
    }
}
