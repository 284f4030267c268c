using ExecuSharp.Core;
using ExecuSharp.Imaging;
using ExecuSharp.Imaging.Resampling;
using ExecuSharp.Imaging.Tensors;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Vision.Embedding;

/// <summary>Makes a model's input from a picture as its manifest says: resized in its own format, then RGB, then normalised.</summary>
public sealed class ImagePreprocessor
{
    private readonly ResampleFilter filter;
    private readonly bool crop;
    private readonly bool signed;
    private readonly float[] mean;
    private readonly float[] std;

    /// <summary>Makes a preprocessor.</summary>
    /// <exception cref="ModelFormatException">The manifest asks for what there is not.</exception>
    public ImagePreprocessor(ImageInput input)
    {
        Input = input;
        filter = input.Interpolation switch
        {
            "nearest" => ResampleFilter.Nearest,
            "bilinear" => ResampleFilter.Bilinear,
            "bicubic" => ResampleFilter.Bicubic,
            "lanczos" => ResampleFilter.Lanczos,
            var other => throw new ModelFormatException("image.interpolation", "nearest, bilinear, bicubic or lanczos", other),
        };
        crop = input.Resize switch
        {
            "squash" => false,
            "crop" when input.Height == input.Width => true,
            var other => throw new ModelFormatException("image.resize", "squash, or crop to a square", $"{other} to {input.Height}x{input.Width}"),
        };
        if (input.Height is < 1 or > Image.MaxSide || input.Width is < 1 or > Image.MaxSide || input.Mean.Count != 3 || input.Std.Count != 3 || input.Std.Contains(0))
            throw new ModelFormatException("image", "a size, three means and three deviations", $"{input.Height}x{input.Width}, {input.Mean.Count} and {input.Std.Count}");
        mean = [.. input.Mean];
        std = [.. input.Std];
        signed = mean.AsSpan().IndexOfAnyExcept(0.5f) < 0 && std.AsSpan().IndexOfAnyExcept(0.5f) < 0;
    }

    /// <summary>What the manifest says.</summary>
    public ImageInput Input { get; }

    /// <summary>The input [1, 3, height, width] of a picture. A picture that its file marks as turned is set upright.</summary>
    public Tensor Prepare(Image image)
    {
        var tensor = Tensor.Empty(ScalarType.Float, [1, 3, Input.Height, Input.Width]);
        var resized = Resize(image.Orientation == 1 ? image : ExifOrientation.Apply(image));
        if (signed)
            ImageTensor.WriteSigned(resized, tensor.Span<float>());
        else
            ImageTensor.WriteNormalized(resized, mean, std, tensor.Span<float>());
        return tensor;
    }

    private Image Resize(Image image) => crop
        ? Resampler.ResizeShortSide(image, Input.Height, filter).CenterCrop(Input.Width, Input.Height)
        : Resampler.Resize(image, Input.Width, Input.Height, filter);
}
