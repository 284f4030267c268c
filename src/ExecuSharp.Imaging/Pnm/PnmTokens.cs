using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Pnm;

/// <summary>Numbers of a PNM header or plain body, with comments from # to the end of the line.</summary>
internal ref struct PnmTokens(ReadOnlySpan<byte> file)
{
    private readonly ReadOnlySpan<byte> file = file;

    public int Position { get; private set; }

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => file.Length - Position;

    public readonly ReadOnlySpan<byte> Rest => file[Position..];

    /// <summary>The digit of the magic P1 to P6.</summary>
    public int Kind()
    {
        if (file.Length < 2 || file[0] != 'P' || file[1] is < (byte)'1' or > (byte)'6')
            throw new ModelFormatException("byte 0", "P1 to P6", file.IsEmpty ? "an empty file" : Convert.ToHexString(file[..Math.Min(2, file.Length)]));
        Position = 2;
        return file[1] - '0';
    }

    public int Number(string what, int most)
    {
        SkipSpace();
        int start = Position, value = 0;
        for (; Position < file.Length && file[Position] is >= (byte)'0' and <= (byte)'9'; Position++)
        {
            value = value * 10 + file[Position] - '0';
            if (value > most)
                throw new ModelFormatException($"byte {start}", $"{what} of at most {most}", "a larger number");
        }
        if (Position == start)
            throw Missing(what);
        return value;
    }

    /// <summary>One digit 0 or 1; plain bitmaps need no space between.</summary>
    public int Bit()
    {
        SkipSpace();
        if (Left == 0 || file[Position] is not ((byte)'0' or (byte)'1'))
            throw Missing("0 or 1");
        return file[Position++] - '0';
    }

    /// <summary>The single white space between header and raw data.</summary>
    public void EndHeader()
    {
        if (Left == 0 || !IsSpace(file[Position]))
            throw Missing("white space after the header");
        Position++;
    }

    private readonly ModelFormatException Missing(string what) =>
        new($"byte {Position}", what, Left == 0 ? "the end of the file" : $"byte {file[Position]:X2}");

    private void SkipSpace()
    {
        while (Position < file.Length)
        {
            if (file[Position] == '#')
            {
                int end = file[Position..].IndexOfAny((byte)'\n', (byte)'\r');
                Position = end < 0 ? file.Length : Position + end;
            }
            else if (IsSpace(file[Position]))
            {
                Position++;
            }
            else
            {
                return;
            }
        }
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or >= 9 and <= 13;
}
