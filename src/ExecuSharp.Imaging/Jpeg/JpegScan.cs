using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Jpeg;

/// <summary>Decodes the entropy-coded data of one scan into coefficients (T.81 annexes F and G).</summary>
internal ref struct JpegScan
{
    internal static ReadOnlySpan<byte> Zigzag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private readonly JpegFrame frame;
    private readonly JpegComponent[] components;
    private readonly int first;
    private readonly int last;
    private readonly int high;
    private readonly int low;
    private readonly int restartInterval;
    private JpegBitReader bits;
    private int endOfBandRun;

    public JpegScan(JpegFrame frame, JpegComponent[] components, ReadOnlySpan<byte> parameters, int restartInterval, ReadOnlySpan<byte> file, int position)
    {
        this.frame = frame;
        this.components = components;
        this.restartInterval = restartInterval;
        (first, last, high, low) = (parameters[0], parameters[1], parameters[2] >> 4, parameters[2] & 15);
        if (!frame.Progressive)
            (first, last, high, low) = (0, 63, 0, 0);
        bool valid = first == 0 ? last == 0 || !frame.Progressive : components.Length == 1 && first <= last && last <= 63;
        if (!valid || low > 13 || (high != 0 && high != low + 1))
            throw new ModelFormatException($"scan header before byte {position}", "a valid band and bit position", $"Ss {first}, Se {last}, Ah {high}, Al {low}");
        bits = new JpegBitReader(file, position);
    }

    /// <summary>Decodes the whole scan and returns where its data ends.</summary>
    public int Decode()
    {
        bool single = components.Length == 1;
        int wide = single ? (components[0].Width + 7) / 8 : frame.McusWide;
        int tall = single ? (components[0].Height + 7) / 8 : frame.McusHigh;
        int untilRestart = restartInterval, restarts = 0;
        foreach (var c in components)
            c.Prediction = 0;
        for (int y = 0; y < tall; y++)
        {
            for (int x = 0; x < wide; x++)
            {
                if (restartInterval > 0 && untilRestart-- == 0)
                {
                    bits.Restart(restarts++ & 7);
                    untilRestart = restartInterval - 1;
                    endOfBandRun = 0;
                    foreach (var c in components)
                        c.Prediction = 0;
                }
                if (single)
                    Block(components[0], x, y);
                else
                    Mcu(x, y);
            }
        }
        return bits.Position;
    }

    private void Mcu(int x, int y)
    {
        foreach (var c in components)
        {
            for (int v = 0; v < c.V; v++)
            {
                for (int h = 0; h < c.H; h++)
                    Block(c, x * c.H + h, y * c.V + v);
            }
        }
    }

    private void Block(JpegComponent c, int x, int y)
    {
        var block = c.Coefficients.AsSpan((y * c.BlocksWide + x) * 64, 64);
        if (!frame.Progressive)
            Sequential(c, block);
        else if (first == 0)
            ProgressiveDc(c, block);
        else if (high == 0)
            ProgressiveAc(c, block);
        else
            RefineAc(c, block);
    }

    private void Sequential(JpegComponent c, Span<short> block)
    {
        c.Prediction += bits.Extend(DcSize(bits.Decode(c.Dc!)));
        block[0] = (short)c.Prediction;
        var table = c.Ac!;
        for (int k = 1; k < 64; k++)
        {
            int symbol = bits.Decode(table), run = symbol >> 4, size = symbol & 15;
            if (size == 0)
            {
                if (run != 15)
                    break;
                k += 15;
                continue;
            }
            k += run;
            int value = bits.Extend(size);
            block[Zigzag[Checked(k)]] = (short)value;
        }
    }

    private void ProgressiveDc(JpegComponent c, Span<short> block)
    {
        if (high != 0)
        {
            block[0] |= (short)(bits.Bits(1) << low);
            return;
        }
        c.Prediction += bits.Extend(DcSize(bits.Decode(c.Dc!)));
        block[0] = (short)(c.Prediction << low);
    }

    private void ProgressiveAc(JpegComponent c, Span<short> block)
    {
        if (endOfBandRun > 0)
        {
            endOfBandRun--;
            return;
        }
        for (int k = first; k <= last; k++)
        {
            int symbol = bits.Decode(c.Ac!), run = symbol >> 4, size = symbol & 15;
            if (size != 0)
            {
                k += run;
                block[Zigzag[Checked(k)]] = (short)(bits.Extend(size) << low);
            }
            else if (run == 15)
            {
                k += 15;
            }
            else
            {
                endOfBandRun = (1 << run) - 1 + bits.Bits(run);
                break;
            }
        }
    }

    private void RefineAc(JpegComponent c, Span<short> block)
    {
        int k = first;
        if (endOfBandRun == 0)
        {
            for (; k <= last; k++)
            {
                int symbol = bits.Decode(c.Ac!), run = symbol >> 4, value = 0;
                if ((symbol & 15) != 0)
                    value = bits.Bits(1) != 0 ? 1 << low : -1 << low;
                else if (run != 15)
                {
                    endOfBandRun = (1 << run) + bits.Bits(run);
                    break;
                }
                k = RefineUntil(block, k, run);
                if (value != 0 && k <= last)
                    block[Zigzag[k]] = (short)value;
            }
        }
        if (endOfBandRun > 0)
        {
            RefineUntil(block, k, int.MaxValue);
            endOfBandRun--;
        }
    }

    // Corrects known coefficients and skips `zeros` unknown ones; returns the place of the next unknown one, or last + 1.
    private int RefineUntil(Span<short> block, int k, int zeros)
    {
        for (; k <= last; k++)
        {
            ref short value = ref block[Zigzag[k]];
            if (value == 0)
            {
                if (zeros-- == 0)
                    break;
            }
            else if (bits.Bits(1) != 0 && (value & (1 << low)) == 0)
            {
                value += (short)(value > 0 ? 1 << low : -1 << low);
            }
        }
        return k;
    }

    private readonly int DcSize(int size) =>
        size <= 15 ? size : throw new ModelFormatException($"byte {bits.Position}", "a DC difference of at most 15 bits", $"{size}");

    private readonly int Checked(int k) =>
        k <= last ? k : throw new ModelFormatException($"byte {bits.Position}", $"a coefficient up to {last}", $"{k}");
}
