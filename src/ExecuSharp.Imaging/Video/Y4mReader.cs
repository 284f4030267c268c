using System.Globalization;
using System.Text;
using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Video;

/// <summary>
/// Reads uncompressed YUV4MPEG2 video, as ffmpeg writes with <c>-f yuv4mpegpipe</c>: a header line, then for each frame a line that starts with FRAME and
/// the planes.
/// </summary>
public sealed class Y4mReader
{
    private const int MaxLine = 4096;

    private readonly Stream stream;
    private readonly int frameLength;
    private long position;

    /// <summary>Reads the header. The stream is not closed by the reader.</summary>
    /// <exception cref="ModelFormatException">No Y4M header, a size out of range, or a pixel format that is not 8-bit 4:2:0, 4:2:2, 4:4:4 or grey.</exception>
    public Y4mReader(Stream stream)
    {
        this.stream = stream;
        string[] fields = ReadLine("YUV4MPEG2")!.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length == 0 || fields[0] != "YUV4MPEG2")
            throw new ModelFormatException("byte 0", "YUV4MPEG2", fields.Length == 0 ? "an empty line" : fields[0]);
        string color = "420";
        foreach (string field in fields.AsSpan(1))
        {
            string value = field[1..];
            switch (field[0])
            {
                case 'W': Width = Number(field, value); break;
                case 'H': Height = Number(field, value); break;
                case 'F': FrameRate = Rate(field, value); break;
                case 'C': color = value; break;
                case 'X' when value == "COLORRANGE=FULL": Range = YuvRange.Full; break;
            }
        }
        Image.CheckSize("header", Width, Height);
        Layout = LayoutOf(color);
        long length = YuvFrame.ByteLength(Width, Height, Layout);
        frameLength = length <= Array.MaxLength ? (int)length
            : throw new ModelFormatException("header", $"frames of at most {Array.MaxLength} bytes", $"{length}");
    }

    /// <summary>Luma columns.</summary>
    public int Width { get; }

    /// <summary>Luma rows.</summary>
    public int Height { get; }

    /// <summary>Frames a second, 0 if the file does not say.</summary>
    public double FrameRate { get; }

    /// <summary>Order of the samples.</summary>
    public YuvLayout Layout { get; }

    /// <summary>Limited unless the header says <c>XCOLORRANGE=FULL</c>.</summary>
    public YuvRange Range { get; }

    /// <summary>The next frame, or null at the end.</summary>
    /// <exception cref="ModelFormatException">The frame is truncated or does not start with FRAME.</exception>
    public YuvFrame? ReadFrame()
    {
        string? line = ReadLine(null);
        if (line is null)
            return null;
        if (line != "FRAME" && !line.StartsWith("FRAME ", StringComparison.Ordinal))
            throw new ModelFormatException($"byte {position}", "a line FRAME", line.Length > 32 ? line[..32] : line);
        // Grown while data comes in, so that a false header costs no memory.
        using var buffer = new MemoryStream(Math.Min(frameLength, 1 << 20));
        var chunk = new byte[Math.Min(frameLength, 1 << 16)];
        for (int left = frameLength; left > 0;)
        {
            int n = stream.Read(chunk, 0, Math.Min(left, chunk.Length));
            if (n == 0)
                throw new ModelFormatException($"byte {position}", $"{left} more bytes of a frame", "the end of the file");
            buffer.Write(chunk, 0, n);
            position += n;
            left -= n;
        }
        return new YuvFrame(Width, Height, Layout, buffer.GetBuffer().AsMemory(0, frameLength));
    }

    private static YuvLayout LayoutOf(string color) => color switch
    {
        "420" or "420jpeg" or "420mpeg2" or "420paldv" => YuvLayout.I420,
        "422" => YuvLayout.I422,
        "444" => YuvLayout.I444,
        "mono" => YuvLayout.Gray,
        _ => throw new ModelFormatException("header", "C420, C420jpeg, C420mpeg2, C420paldv, C422, C444 or Cmono", "C" + color),
    };

    private static int Number(string field, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw new ModelFormatException("header", "a number after " + field[0], field);

    private static double Rate(string field, string value)
    {
        int colon = value.IndexOf(':');
        if (colon < 0)
            throw new ModelFormatException("header", "F and a ratio", field);
        int numerator = Number(field, value[..colon]), denominator = Number(field, value[(colon + 1)..]);
        return denominator == 0 ? 0 : (double)numerator / denominator;
    }

    // A line without its end; null at the end of the stream if nothing must be there.
    private string? ReadLine(string? required)
    {
        var line = new StringBuilder();
        while (true)
        {
            int b = stream.ReadByte();
            if (b < 0 && line.Length == 0 && required is null)
                return null;
            if (b < 0 || line.Length == MaxLine)
                throw new ModelFormatException($"byte {position}", required ?? "the end of a line", b < 0 ? "the end of the file" : $"more than {MaxLine} bytes");
            position++;
            if (b == '\n')
                return line.ToString();
            line.Append((char)b);
        }
    }
}
