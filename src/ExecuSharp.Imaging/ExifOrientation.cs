using System.Buffers.Binary;

namespace ExecuSharp.Imaging;

/// <summary>The orientation tag of EXIF metadata (tag 0x0112 of the first image directory).</summary>
public static class ExifOrientation
{
    private const int Tag = 0x0112;

    /// <summary>Turns the picture upright; the result has orientation 1.</summary>
    public static Image Apply(Image image)
    {
        int orientation = image.Orientation;
        if (orientation == 1)
            return image;
        bool transposed = orientation >= 5;
        int width = transposed ? image.Height : image.Width, height = transposed ? image.Width : image.Height;
        bool flipX = orientation is 2 or 3 or 7 or 8, flipY = orientation is 3 or 4 or 6 or 7;
        var result = new Image(width, height, image.Format, image.Palette);
        int channels = image.Channels;
        for (int y = 0; y < height; y++)
        {
            var row = result.Row(y);
            for (int x = 0; x < width; x++)
            {
                int sx = transposed ? y : x, sy = transposed ? x : y;
                if (flipX)
                    sx = image.Width - 1 - sx;
                if (flipY)
                    sy = image.Height - 1 - sy;
                image.Pixels.AsSpan((sy * image.Width + sx) * channels, channels).CopyTo(row[(x * channels)..]);
            }
        }
        return result;
    }

    /// <summary>Reads the tag from a TIFF structure; 1 if it is absent or anything is out of place, since metadata does not make a picture unreadable.</summary>
    internal static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8)
            return 1;
        bool little = tiff.StartsWith("II"u8);
        if (!little && !tiff.StartsWith("MM"u8))
            return 1;
        uint directory = little ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (directory > tiff.Length - 2)
            return 1;
        int at = (int)directory;
        int count = U16(tiff, at, little);
        at += 2;
        for (int i = 0; i < count && at <= tiff.Length - 12; i++, at += 12)
        {
            // entry: tag u16, type u16 (3 = SHORT), count u32, value left-justified in 4 bytes
            if (U16(tiff, at, little) != Tag || U16(tiff, at + 2, little) != 3)
                continue;
            int value = U16(tiff, at + 8, little);
            return value is >= 1 and <= 8 ? value : 1;
        }
        return 1;
    }

    private static int U16(ReadOnlySpan<byte> data, int at, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(data[at..]) : BinaryPrimitives.ReadUInt16BigEndian(data[at..]);
}
