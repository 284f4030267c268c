namespace ExecuSharp.Imaging.Jpeg;

/// <summary>How the components of a JPEG file make colours.</summary>
internal enum JpegColor
{
    Gray,
    Rgb,
    YCbCr,
    Cmyk,
    Ycck,
}
