using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Video;

namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>RGB of raw frames and Y4M clips equals ffmpeg's accurate conversion within a level.</summary>
public class VideoTests
{
    private const string Folder = "perception-encoder/preprocess/video/";
    private const int Width = 16;
    private const int Height = 12;

    private static RecordedTensors Frames => new(ImagingCorpus.Read(Folder + "yuv_to_rgb.safetensors"));

    public static TheoryData<string> Conversions() => new(Frames.Names.Where(n => n.StartsWith("rgb.") && !n.EndsWith(".default")));

    [Theory]
    [MemberData(nameof(Conversions))]
    public void Frame_equals_the_recorded_one(string name)
    {
        var recorded = Frames;
        string[] parts = name.Split('.');
        bool planar = parts[1] == "yuv420p";
        var frame = new YuvFrame(Width, Height, planar ? YuvLayout.I420 : YuvLayout.Nv12, recorded.Bytes(planar ? "i420" : "nv12"));
        var actual = YuvConverter.ToRgb(frame, Matrix(name), Range(name), Chroma(name));
        AssertClose(recorded.Bytes(name), actual.Pixels, 1);
    }

    [Theory]
    [InlineData("rgb.yuv420p.bt601.tv.default")]
    [InlineData("rgb.yuv420p.bt601.pc.default")]
    [InlineData("rgb.yuv420p.bt709.tv.default")]
    [InlineData("rgb.yuv420p.bt709.pc.default")]
    public void Frame_is_near_the_fast_table_path(string name)
    {
        // ffmpeg's default for planar frames repeats chroma and looks colours up in coarse tables.
        var recorded = Frames;
        var frame = new YuvFrame(Width, Height, YuvLayout.I420, recorded.Bytes("i420"));
        AssertClose(recorded.Bytes(name), YuvConverter.ToRgb(frame, Matrix(name), Range(name)).Pixels, 3);
    }

    [Theory]
    [InlineData("table_rgb.bt601.tv")]
    [InlineData("table_rgb.bt601.pc")]
    [InlineData("table_rgb.bt709.tv")]
    [InlineData("table_rgb.bt709.pc")]
    public void Matrix_equals_the_recorded_table(string name)
    {
        var recorded = Frames;
        byte[] table = recorded.Bytes("table_yuv"), expected = recorded.Bytes(name);
        for (int i = 0; i < table.Length; i += 3)
        {
            var actual = YuvConverter.ToRgb(new YuvFrame(1, 1, YuvLayout.I444, table.AsMemory(i, 3)), Matrix(name), Range(name)).Pixels;
            for (int c = 0; c < 3; c++)
            {
                // Two colours far outside the cube overflow in ffmpeg: 255 wraps to 0.
                bool wrapped = actual[c] == 255 && expected[i + c] == 0;
                Assert.True(Math.Abs(actual[c] - expected[i + c]) <= 1 || wrapped, $"{name} entry {i / 3}: {actual[c]} for {expected[i + c]}");
            }
        }
    }

    [Theory]
    [InlineData("clip_420", "neighbor")]
    [InlineData("clip_420", "bilinear")]
    [InlineData("clip_444", "neighbor")]
    [InlineData("clip_444", "bilinear")]
    [InlineData("clip_444", "default")]
    public void Clip_equals_the_recorded_one(string clip, string mode)
    {
        var recorded = new RecordedTensors(ImagingCorpus.Read(Folder + clip + ".safetensors"));
        byte[] planes = recorded.Bytes("planes"), expected = recorded.Bytes("rgb." + mode);
        var reader = new Y4mReader(new MemoryStream(ImagingCorpus.Read(Folder + clip + ".y4m")));
        int[] shape = recorded.Shape("rgb." + mode);
        Assert.Equal([shape[1], shape[2]], [reader.Height, reader.Width]);
        Assert.Equal(clip == "clip_420" ? 30000 / 1001.0 : 25, reader.FrameRate);
        int frames = 0, at = 0;
        while (reader.ReadFrame() is { } frame)
        {
            Assert.True(planes.AsSpan(at, frame.Data.Length).SequenceEqual(frame.Data.Span));
            at += frame.Data.Length;
            byte[] rgb = YuvConverter.ToRgb(frame, YuvMatrix.Bt601, reader.Range, Chroma("." + mode)).Pixels;
            AssertClose(expected.AsSpan(frames * rgb.Length, rgb.Length), rgb, 1);
            frames++;
        }
        Assert.Equal(shape[0], frames);
    }

    private static YuvMatrix Matrix(string name) => name.Contains("bt709") ? YuvMatrix.Bt709 : YuvMatrix.Bt601;

    private static YuvRange Range(string name) => name.Contains(".pc") ? YuvRange.Full : YuvRange.Limited;

    private static ChromaUpsampling Chroma(string name) => name.EndsWith(".bilinear") ? ChromaUpsampling.Bilinear : ChromaUpsampling.Nearest;

    private static void AssertClose(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, int tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{actual[i]} for {expected[i]} at {i}");
    }
}
