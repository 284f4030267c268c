using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Resampling;

namespace ExecuSharp.Tests.Unit.Imaging;

public class ResamplerTests
{
    private static readonly ResampleFilter[] Filters = Enum.GetValues<ResampleFilter>();

    private static Image Noise(int width, int height, PixelFormat format, int seed)
    {
        var image = new Image(width, height, format);
        new Random(seed).NextBytes(image.Pixels);
        return image;
    }

    [Fact]
    public void Channels_are_resampled_alike_on_every_path()
    {
        // One channel goes the scalar way across, three and four the vector way.
        var random = new Random(1);
        for (int round = 0; round < 60; round++)
        {
            var format = round % 2 == 0 ? PixelFormat.Rgb : PixelFormat.Cmyk;
            var image = Noise(random.Next(1, 70), random.Next(1, 50), format, round);
            int width = random.Next(1, 80), height = random.Next(1, 60);
            var filter = Filters[round % Filters.Length];
            var whole = Resampler.Resize(image, width, height, filter);
            for (int c = 0; c < image.Channels; c++)
            {
                var plane = new Image(image.Width, image.Height, PixelFormat.Gray, Plane(image, c));
                Assert.Equal(Resampler.Resize(plane, width, height, filter).Pixels, Plane(whole, c));
            }
        }
    }

    private static byte[] Plane(Image image, int channel) => [.. image.Pixels.Where((_, i) => i % image.Channels == channel)];

    [Fact]
    public void Flat_pictures_stay_flat()
    {
        foreach (var filter in Filters)
        {
            var image = new Image(19, 23, PixelFormat.Rgb);
            image.Pixels.AsSpan().Fill(201);
            Assert.All(Resampler.Resize(image, 7, 40, filter).Pixels, p => Assert.Equal(201, p));
        }
    }

    [Fact]
    public void Transposing_before_or_after_gives_nearly_the_same()
    {
        var image = Noise(40, 40, PixelFormat.Rgb, 5);
        var across = Resampler.Resize(image, 13, 13, ResampleFilter.Bicubic);
        var turned = ExifOrientation.Apply(new Image(40, 40, PixelFormat.Rgb, image.Pixels, orientation: 5));
        var back = ExifOrientation.Apply(new Image(13, 13, PixelFormat.Rgb, Resampler.Resize(turned, 13, 13, ResampleFilter.Bicubic).Pixels, orientation: 5));
        Assert.All(across.Pixels.Zip(back.Pixels), p => Assert.InRange(p.First - p.Second, -1, 1));
    }

    [Fact]
    public void Same_size_is_the_same_picture()
    {
        var image = Noise(5, 6, PixelFormat.Rgba, 2);
        Assert.Same(image, Resampler.Resize(image, 5, 6));
    }

    [Fact]
    public void Indices_are_never_mixed()
    {
        var image = new Image(2, 1, PixelFormat.Indexed, [3, 200], new byte[768]);
        Assert.Equal([3, 3, 200, 200], Resampler.Resize(image, 4, 1, ResampleFilter.Lanczos).Pixels);
    }

    [Fact]
    public void Transparent_colours_do_not_bleed()
    {
        var image = new Image(2, 1, PixelFormat.Rgba, [100, 50, 20, 255, 255, 255, 255, 0]);
        // half of each, divided by 128 / 255 and cut
        Assert.Equal([99, 49, 19, 128], Resampler.Resize(image, 1, 1, ResampleFilter.Box).Pixels);
    }

    [Fact]
    public void Short_side_and_fit_keep_the_aspect()
    {
        var image = new Image(90, 61, PixelFormat.Gray);
        var small = Resampler.ResizeShortSide(image, 32);
        Assert.Equal((47, 32), (small.Width, small.Height));
        var fit = Resampler.ResizeToFit(image, 32, 32);
        Assert.Equal((32, 22), (fit.Width, fit.Height));
    }

    [Fact]
    public void Reduce_averages_blocks()
    {
        var image = new Image(3, 3, PixelFormat.Gray, [1, 2, 10, 3, 4, 21, 7, 8, 90]);
        Assert.Equal([3, 16, 8, 90], Resampler.Reduce(image, 2, 2).Pixels);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 30_001)]
    public void Sizes_out_of_range_are_refused(int width, int height) =>
        Assert.ThrowsAny<ArgumentException>(() => Resampler.Resize(new Image(2, 2, PixelFormat.Gray), width, height));

    [Fact]
    public void Box_must_lie_inside() =>
        Assert.Throws<ArgumentException>(() => Resampler.Resize(new Image(4, 4, PixelFormat.Gray), 2, 2, box: new ResampleBox(0, 0, 4.5f, 4)));
}
