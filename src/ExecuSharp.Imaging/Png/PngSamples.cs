namespace ExecuSharp.Imaging.Png;

/// <summary>Brings unfiltered rows to 8-bit samples.</summary>
internal static class PngSamples
{
    public static void Unpack(ReadOnlySpan<byte> row, PngHeader header, Span<byte> target)
    {
        if (header.Depth == 8)
            row.CopyTo(target);
        else if (header.Depth == 16)
            Unpack16(row, header, target);
        else
            UnpackBits(row, header.Depth, header.Color == PngColorType.Gray ? 255 / ((1 << header.Depth) - 1) : 1, target);
    }

    private static void Unpack16(ReadOnlySpan<byte> row, PngHeader header, Span<byte> target)
    {
        if (header.Color == PngColorType.Gray)
        {
            for (int x = 0; x < target.Length; x++)
                target[x] = row[2 * x] == 0 ? row[2 * x + 1] : (byte)255;
        }
        else if (header.Color == PngColorType.GrayAlpha)
        {
            for (int x = 0, o = 0; o < target.Length; x += 4, o += 4)
            {
                target[o] = target[o + 1] = target[o + 2] = row[x];
                target[o + 3] = row[x + 2];
            }
        }
        else
        {
            for (int i = 0; i < target.Length; i++)
                target[i] = row[2 * i];
        }
    }

    private static void UnpackBits(ReadOnlySpan<byte> row, int depth, int scale, Span<byte> target)
    {
        // Bilevel grey stays an index into black and white.
        if (depth == 1)
            scale = 1;
        int perByte = 8 / depth, mask = (1 << depth) - 1;
        for (int x = 0; x < target.Length; x++)
            target[x] = (byte)(((row[x / perByte] >> (8 - depth - x % perByte * depth)) & mask) * scale);
    }
}
