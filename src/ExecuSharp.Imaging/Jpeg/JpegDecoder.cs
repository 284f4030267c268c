using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Jpeg;

/// <summary>
/// Decodes JPEG files (ITU-T T.81): 8 bits, Huffman coded, baseline, extended and progressive; grey, YCbCr, RGB, CMYK and YCCK; any integral
/// subsampling; restart markers. Pixels equal libjpeg-turbo's defaults (accurate integer IDCT, "fancy" upsampling).
/// </summary>
public static class JpegDecoder
{
    /// <summary>Decodes a whole file to Gray, Rgb or Cmyk (255 is full ink).</summary>
    /// <exception cref="ModelFormatException">The file is broken, truncated, too large, or of another JPEG process (lossless, arithmetic coded, hierarchical, 12 bits).</exception>
    public static Image Decode(ReadOnlySpan<byte> file) => new JpegFileReader(file).Read();
}
