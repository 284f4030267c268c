namespace ExecuSharp.Imaging.Png;

/// <summary>Colour types of IHDR.</summary>
internal enum PngColorType
{
    Gray = 0,
    Rgb = 2,
    Palette = 3,
    GrayAlpha = 4,
    Rgba = 6,
}
