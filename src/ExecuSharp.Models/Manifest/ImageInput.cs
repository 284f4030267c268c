namespace ExecuSharp.Models.Manifest;

/// <summary>How a picture becomes the input of a vision program.</summary>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
public sealed record ImageInput(int Height, int Width)
{
    /// <summary>How the picture is brought to the size: <c>squash</c> (each axis on its own) or <c>crop</c> (short side, then the centre).</summary>
    public string Resize { get; init; } = "squash";

    /// <summary>Filter of the resize: <c>nearest</c>, <c>bilinear</c>, <c>bicubic</c> or <c>lanczos</c>, with antialias, as in Pillow.</summary>
    public string Interpolation { get; init; } = "bilinear";

    /// <summary>Taken from each channel after division by 255.</summary>
    public IReadOnlyList<float> Mean { get; init; } = [0.5f, 0.5f, 0.5f];

    /// <summary>Divides each channel after that.</summary>
    public IReadOnlyList<float> Std { get; init; } = [0.5f, 0.5f, 0.5f];
}
