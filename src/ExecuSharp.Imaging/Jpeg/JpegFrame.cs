using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Jpeg;

/// <summary>The frame header (SOF0, SOF1, SOF2) and the memory for its coefficients.</summary>
internal sealed class JpegFrame
{
    public required bool Progressive { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required JpegComponent[] Components { get; init; }

    /// <summary>Largest sampling factors.</summary>
    public int MaxH { get; private init; }

    /// <inheritdoc cref="MaxH"/>
    public int MaxV { get; private init; }

    public int McusWide { get; private init; }

    public int McusHigh { get; private init; }

    /// <param name="segment">The marker segment after its length.</param>
    /// <param name="at">Its offset in the file, for messages.</param>
    /// <param name="progressive">True for SOF2.</param>
    /// <param name="fileLength">Bounds the memory: each block takes at least one bit of the file.</param>
    public static JpegFrame Parse(ReadOnlySpan<byte> segment, int at, bool progressive, int fileLength)
    {
        string place = $"frame header at byte {at}";
        if (segment.Length < 6 || segment.Length != 6 + 3 * segment[5])
            throw new ModelFormatException(place, "6 bytes and 3 for each component", $"{segment.Length} bytes");
        if (segment[0] != 8)
            throw new ModelFormatException(place, "8 bits a sample", $"{segment[0]}");
        int height = (segment[1] << 8) | segment[2], width = (segment[3] << 8) | segment[4];
        Image.CheckSize(place, width, height);
        if (segment[5] is not (1 or 3 or 4))
            throw new ModelFormatException(place, "1, 3 or 4 components", $"{segment[5]}");
        var components = new JpegComponent[segment[5]];
        int maxH = 1, maxV = 1;
        for (int i = 0; i < components.Length; i++)
        {
            var c = segment.Slice(6 + 3 * i, 3);
            int h = c[1] >> 4, v = c[1] & 15;
            if (h is < 1 or > 4 || v is < 1 or > 4 || c[2] > 3)
                throw new ModelFormatException(place, "sampling factors 1 to 4 and a quantization table 0 to 3", $"{h}x{v}, table {c[2]}");
            components[i] = new JpegComponent(c[0], h, v, c[2]);
            (maxH, maxV) = (Math.Max(maxH, h), Math.Max(maxV, v));
        }
        var frame = new JpegFrame
        {
            Progressive = progressive,
            Width = width,
            Height = height,
            Components = components,
            MaxH = maxH,
            MaxV = maxV,
            McusWide = Ceil(width, 8 * maxH),
            McusHigh = Ceil(height, 8 * maxV),
        };
        frame.Allocate(place, fileLength);
        return frame;
    }

    private void Allocate(string place, int fileLength)
    {
        long blocks = 0;
        foreach (var c in Components)
        {
            if (MaxH % c.H != 0 || MaxV % c.V != 0)
                throw new ModelFormatException(place, "sampling factors that divide the largest", $"{c.H}x{c.V} of {MaxH}x{MaxV}");
            c.Width = Ceil(Width * c.H, MaxH);
            c.Height = Ceil(Height * c.V, MaxV);
            c.BlocksWide = McusWide * c.H;
            c.BlocksHigh = McusHigh * c.V;
            blocks += (long)Ceil(c.Width, 8) * Ceil(c.Height, 8);
        }
        if (blocks > 8L * fileLength)
            throw new ModelFormatException(place, $"at most {8L * fileLength} blocks in a file of {fileLength} bytes", $"{blocks}");
        foreach (var c in Components)
        {
            long count = 64L * c.BlocksWide * c.BlocksHigh;
            if (count > Array.MaxLength)
                throw new ModelFormatException(place, $"at most {Array.MaxLength} coefficients", $"{count}");
            c.Coefficients = new short[count];
        }
    }

    private static int Ceil(int value, int divisor) => (value + divisor - 1) / divisor;
}
