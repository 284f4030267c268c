using ExecuSharp.Core;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Tensors;

namespace ExecuSharp.Tests.Unit.Imaging;

public class ImageTests
{
    private static Image Counting(int width, int height, int orientation = 1) =>
        new(width, height, PixelFormat.Gray, [.. Enumerable.Range(1, width * height).Select(i => (byte)i)], orientation: orientation);

    [Theory]
    [InlineData(2, new byte[] { 3, 2, 1, 6, 5, 4 })]
    [InlineData(3, new byte[] { 6, 5, 4, 3, 2, 1 })]
    [InlineData(4, new byte[] { 4, 5, 6, 1, 2, 3 })]
    [InlineData(5, new byte[] { 1, 4, 2, 5, 3, 6 })]
    [InlineData(6, new byte[] { 4, 1, 5, 2, 6, 3 })]
    [InlineData(7, new byte[] { 6, 3, 5, 2, 4, 1 })]
    [InlineData(8, new byte[] { 3, 6, 2, 5, 1, 4 })]
    public void Orientations_turn_upright(int orientation, byte[] expected)
    {
        var upright = ExifOrientation.Apply(Counting(3, 2, orientation));
        Assert.Equal(expected, upright.Pixels);
        Assert.Equal(orientation >= 5 ? (2, 3) : (3, 2), (upright.Width, upright.Height));
    }

    [Fact]
    public void Crop_pads_with_zeros()
    {
        Assert.Equal([5, 6], Counting(3, 2).Crop(1, 1, 2, 1).Pixels);
        Assert.Equal([0, 0, 0, 1], Counting(3, 2).Crop(-1, -1, 2, 2).Pixels);
        Assert.Equal([0], Counting(3, 2).Crop(9, 9, 1, 1).Pixels);
    }

    [Fact]
    public void Centre_crop_rounds_half_to_even()
    {
        Assert.Equal([1, 2], Counting(3, 1).CenterCrop(2, 1).Pixels); // (3 - 2) / 2 = 0.5 -> 0
        Assert.Equal([3, 4], Counting(5, 1).CenterCrop(2, 1).Pixels); // 1.5 -> 2
        Assert.Equal([0, 1, 2, 0, 0], Counting(2, 1).CenterCrop(5, 1).Pixels);
    }

    [Fact]
    public void Ink_becomes_light()
    {
        var image = new Image(3, 1, PixelFormat.Cmyk, [0, 0, 0, 0, 255, 0, 128, 0, 0, 0, 0, 255]);
        Assert.Equal([255, 255, 255, 0, 255, 127, 0, 0, 0], PixelConversion.ToRgb(image).Pixels);
    }

    [Fact]
    public void Tensor_is_planar()
    {
        var image = new Image(2, 1, PixelFormat.Rgb, [0, 51, 255, 102, 204, 153]);
        var values = new float[6];
        ImageTensor.WriteSigned(image, values);
        Assert.Equal([-1f, 102 / 127.5f - 1, 51 / 127.5f - 1, 204 / 127.5f - 1, 1f, 153 / 127.5f - 1], values);
        ImageTensor.WriteNormalized(image, [0f, 0.5f, 1f], [1f, 0.25f, 2f], values);
        Assert.Equal([0f, 0.4f, (51 / 255f - 0.5f) / 0.25f, (204 / 255f - 0.5f) / 0.25f, 0f, (153 / 255f - 1f) / 2f], values);
        Assert.Throws<ArgumentException>(() => ImageTensor.WriteSigned(image, new float[5]));
    }

    [Fact]
    public void Unknown_bytes_are_described()
    {
        Assert.Contains("47494638", Assert.Throws<ModelFormatException>(() => ImageDecoder.Decode("GIF89a"u8)).Found);
        Assert.Contains("empty", Assert.Throws<ModelFormatException>(() => ImageDecoder.Decode(new MemoryStream())).Found);
        Assert.Contains("video", Assert.Throws<ModelFormatException>(() => ImageDecoder.Decode("YUV4MPEG2 W2"u8)).Found);
    }
}
