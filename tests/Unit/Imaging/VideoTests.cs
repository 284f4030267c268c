using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Imaging.Video;

namespace ExecuSharp.Tests.Unit.Imaging;

public class VideoTests
{
    [Fact]
    public void Grey_is_grey_in_every_layout()
    {
        foreach (var layout in Enum.GetValues<YuvLayout>())
        {
            foreach (var chroma in Enum.GetValues<ChromaUpsampling>())
            {
                foreach (var (width, height) in ((int, int)[])[(1, 1), (5, 3), (4, 4), (7, 2)])
                {
                    var data = new byte[YuvFrame.ByteLength(width, height, layout)];
                    data.AsSpan().Fill(128);
                    var rgb = YuvConverter.ToRgb(new YuvFrame(width, height, layout, data), YuvMatrix.Bt709, YuvRange.Full, chroma);
                    Assert.All(rgb.Pixels, p => Assert.Equal(128, p));
                }
            }
        }
    }

    [Fact]
    public void Chroma_order_of_interleaved_layouts()
    {
        byte[] data = [81, 81, 81, 81, 90, 240]; // red in limited BT.601, blue difference first
        byte[] swapped = [81, 81, 81, 81, 240, 90];
        var red = YuvConverter.ToRgb(new YuvFrame(2, 2, YuvLayout.Nv12, data)).Pixels;
        Assert.Equal(red, YuvConverter.ToRgb(new YuvFrame(2, 2, YuvLayout.Nv21, swapped)).Pixels);
        Assert.Equal(red, YuvConverter.ToRgb(new YuvFrame(2, 2, YuvLayout.I420, data)).Pixels);
        Assert.True(red[0] >= 253 && red[1] <= 1 && red[2] <= 1);
    }

    [Fact]
    public void Clip_is_read_frame_by_frame()
    {
        byte[] file = [.. "YUV4MPEG2 W2 H1 F25:1 C444 XCOLORRANGE=FULL\nFRAME\nabcdef"u8, .. "FRAME Ip\nghijkl"u8];
        var reader = new Y4mReader(new MemoryStream(file));
        Assert.Equal((2, 1, 25.0, YuvLayout.I444, YuvRange.Full), (reader.Width, reader.Height, reader.FrameRate, reader.Layout, reader.Range));
        Assert.Equal("abcdef", Encoding.ASCII.GetString(reader.ReadFrame()!.Value.Data.Span));
        Assert.Equal("ghijkl", Encoding.ASCII.GetString(reader.ReadFrame()!.Value.Data.Span));
        Assert.Null(reader.ReadFrame());
    }

    [Theory]
    [InlineData("")]
    [InlineData("YUV4MPEG W2 H2\n")]
    [InlineData("YUV4MPEG2 W2\n")]
    [InlineData("YUV4MPEG2 W2 H2 C420p10\n")]
    [InlineData("YUV4MPEG2 W2 H2 F25\n")]
    [InlineData("YUV4MPEG2 W99999999999 H2\n")]
    [InlineData("YUV4MPEG2 W30001 H2\n")]
    [InlineData("YUV4MPEG2 W2 H2 Cmono\nFRAME\nabc")]
    [InlineData("YUV4MPEG2 W2 H2 Cmono\nFRAMES\nabcd")]
    [InlineData("YUV4MPEG2 W2 H2 Cmono\nFRAME")]
    public void Broken_files_are_refused(string text) =>
        Assert.Throws<ModelFormatException>(() => new Y4mReader(new MemoryStream(Encoding.ASCII.GetBytes(text))).ReadFrame());

    [Fact]
    public void False_header_costs_no_memory()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ModelFormatException>(() => new Y4mReader(new MemoryStream("YUV4MPEG2 W30000 H5000\nFRAME\nxyz"u8.ToArray())).ReadFrame());
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }
}
