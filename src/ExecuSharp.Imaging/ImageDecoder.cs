using ExecuSharp.Core;
using ExecuSharp.Imaging.Bmp;
using ExecuSharp.Imaging.Jpeg;
using ExecuSharp.Imaging.Png;
using ExecuSharp.Imaging.Pnm;

namespace ExecuSharp.Imaging;

/// <summary>Decodes a picture file, whatever its format; the format is told by the first bytes.</summary>
public static class ImageDecoder
{
    /// <summary>Longest file that <see cref="Decode(Stream)"/> reads, in bytes.</summary>
    public const int MaxFileLength = 1 << 30;

    /// <summary>Decodes PNG, JPEG, BMP or PBM/PGM/PPM to the samples that Pillow's <c>Image.open</c> gives, 16 bits reduced to 8.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="ModelFormatException">Another format, or a broken, truncated or oversized file.</exception>
    public static Image Decode(ReadOnlySpan<byte> file) => Detect(file) switch
    {
        ImageFileFormat.Png => PngDecoder.Decode(file),
        ImageFileFormat.Jpeg => JpegDecoder.Decode(file),
        ImageFileFormat.Bmp => BmpDecoder.Decode(file),
        ImageFileFormat.Pnm => PnmDecoder.Decode(file),
        _ => throw new ModelFormatException("byte 0", "a PNG, JPEG, BMP, PBM, PGM or PPM file", Describe(file)),
    };

    /// <summary>Reads a stream to its end and decodes it.</summary>
    /// <exception cref="ModelFormatException">As <see cref="Decode(ReadOnlySpan{byte})"/>, or more than <see cref="MaxFileLength"/> bytes.</exception>
    public static Image Decode(Stream stream)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[81920];
        for (int n; (n = stream.Read(chunk)) > 0;)
        {
            if (buffer.Length + n > MaxFileLength)
                throw new ModelFormatException("end", $"at most {MaxFileLength} bytes", "more");
            buffer.Write(chunk, 0, n);
        }
        return Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    /// <summary>Decodes a file to RGB, optionally turned upright by its EXIF orientation.</summary>
    /// <exception cref="ModelFormatException">As <see cref="Decode(ReadOnlySpan{byte})"/>.</exception>
    public static Image DecodeRgb(ReadOnlySpan<byte> file, bool upright = false)
    {
        var image = PixelConversion.ToRgb(Decode(file));
        return upright ? ExifOrientation.Apply(image) : image;
    }

    /// <summary>Tells the format by the first bytes.</summary>
    public static ImageFileFormat Detect(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith(PngDecoder.Signature))
            return ImageFileFormat.Png;
        if (file.Length >= 3 && file[0] == 0xFF && file[1] == 0xD8 && file[2] == 0xFF)
            return ImageFileFormat.Jpeg;
        if (file.StartsWith("BM"u8))
            return ImageFileFormat.Bmp;
        if (file.Length >= 3 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'6' && (file[2] is (byte)' ' or (byte)'#' or >= 9 and <= 13))
            return ImageFileFormat.Pnm;
        if (file.StartsWith("YUV4MPEG2"u8))
            return ImageFileFormat.Y4m;
        return ImageFileFormat.Unknown;
    }

    private static string Describe(ReadOnlySpan<byte> file) =>
        file.IsEmpty ? "an empty file"
        : Detect(file) == ImageFileFormat.Y4m ? "a Y4M video"
        : "bytes " + Convert.ToHexString(file[..Math.Min(8, file.Length)]);
}
