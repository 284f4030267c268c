using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Imaging;

namespace ExecuSharp.Tests.Unit.Imaging;

public class PnmTests
{
    private static byte[] Rgb(string text) => PixelConversion.ToRgb(ImageDecoder.Decode(Encoding.Latin1.GetBytes(text))).Pixels;

    [Fact]
    public void Plain_files_with_comments()
    {
        Assert.Equal([255, 255, 255, 0, 0, 0], Rgb("P1\n# bits\n2 1\n01"));
        Assert.Equal([0, 0, 0, 128, 128, 128], Rgb("P2 2 1 # most\n2\n0 1"));
        Assert.Equal([1, 2, 3], Rgb("P3 1 1 255 1 2 3\n"));
    }

    [Fact]
    public void Raw_files_and_scaling()
    {
        Assert.Equal([0, 0, 0, 255, 255, 255], Rgb("P4 2 1\n\u0080"));
        Assert.Equal([5, 5, 5], Rgb("P5 1 1 255\n\u0005"));
        Assert.Equal([255, 0, 26], Rgb("P6 1 1 10\n\u000A\u0000\u0001"));
        Assert.Equal([0, 1, 255], Rgb("P6 1 1 65535\n\u0000\u0010\u0001\u0001\u00FF\u00FF"));
    }

    [Fact]
    public void Wide_grey_is_clipped() => Assert.Equal([200, 200, 200, 255, 255, 255], Rgb("P5 2 1 65535\n\u0000\u00C8\u0001\u0000"));

    [Theory]
    [InlineData("P5 2 2 255\n123")]
    [InlineData("P5 0 2 255\n123")]
    [InlineData("P5 2 99999 255\n123")]
    [InlineData("P5 2 2 0\n1234")]
    [InlineData("P5 2 2 65536\n1234")]
    [InlineData("P5 2 x")]
    [InlineData("P2 2 1 255 1 256")]
    [InlineData("P1 2 1 02")]
    [InlineData("P7\nWIDTH 1")]
    [InlineData("")]
    public void Broken_files_are_refused(string text) => Assert.Throws<ModelFormatException>(() => Rgb(text));
}
