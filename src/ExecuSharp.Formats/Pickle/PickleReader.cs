using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pickle;

/// <summary>Takes the arguments of instructions from the bytes of a pickle.</summary>
internal sealed class PickleReader(ReadOnlyMemory<byte> data)
{
    private const int MaxDigits = 10_000;

    public int Position { get; private set; }

    public int Length => data.Length;

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public ReadOnlyMemory<byte> Bytes(ulong length)
    {
        if (length > (ulong)(data.Length - Position))
            throw new ModelFormatException(Place, $"{length} bytes", $"{data.Length - Position}");
        var bytes = data.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    public string Text(ulong length) => Encoding.UTF8.GetString(Bytes(length).Span);

    /// <summary>Python 2's byte strings: UTF-8 where they are that, else Latin-1.</summary>
    public string OldText(ulong length)
    {
        var bytes = Bytes(length).Span;
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    public PickleValue LittleEndianInteger(ulong length)
    {
        if (length > MaxDigits)
            throw new ModelFormatException(Place, $"an integer of at most {MaxDigits} bytes", $"{length}");
        return Integer(new BigInteger(Bytes(length).Span));
    }

    public string Line() => Line(Encoding.UTF8);

    private string Line(Encoding encoding)
    {
        int end = data.Span[Position..].IndexOf((byte)'\n');
        if (end < 0)
            throw new ModelFormatException(Place, "a line end", "none");
        string line = encoding.GetString(data.Span.Slice(Position, end)).TrimEnd('\r');
        Position += end + 1;
        return line;
    }

    public PickleValue DecimalLine()
    {
        string text = Line().TrimEnd('L');
        if (text.Length > MaxDigits || !BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw new ModelFormatException(Place, "a decimal number", $"'{Cut(text)}'");
        return Integer(value);
    }

    public double FloatLine()
    {
        string text = Line();
        return text switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" or "-nan" => double.NaN,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value
                : throw new ModelFormatException(Place, "a float", $"'{Cut(text)}'"),
        };
    }

    public long MemoLine()
    {
        string text = Line();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value <= uint.MaxValue
            ? value
            : throw new ModelFormatException(Place, "a memo number", $"'{Cut(text)}'");
    }

    /// <summary>A quoted Python literal, as protocol 0 writes byte strings.</summary>
    public string QuotedLine()
    {
        string text = Line().Trim();
        if (text.Length < 2 || text[0] != text[^1] || text[0] is not ('\'' or '"'))
            throw new ModelFormatException(Place, "a quoted string", $"'{Cut(text)}'");
        return Unescape(text[1..^1], unicodeOnly: false);
    }

    /// <summary>Python's raw-unicode-escape: Latin-1 with \u escapes.</summary>
    public string EscapedLine() => Unescape(Line(Encoding.Latin1), unicodeOnly: true);

    public string Place => $"pickle offset {Position}";

    private ReadOnlySpan<byte> Take(int length) => Bytes((ulong)length).Span;

    private static PickleValue Integer(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? new PickleInt((long)value) : new PickleBigInt(value);

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private string Unescape(string text, bool unicodeOnly)
    {
        if (!text.Contains('\\'))
            return text;
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }
            char kind = text[++i];
            int digits = kind switch { 'u' => 4, 'U' => 8, 'x' when !unicodeOnly => 2, _ => 0 };
            if (digits > 0)
            {
                result.Append(Escaped(text, i + 1, digits));
                i += digits;
            }
            else if (unicodeOnly)
            {
                result.Append('\\').Append(kind);
            }
            else
            {
                result.Append(kind switch { 'n' => '\n', 'r' => '\r', 't' => '\t', '0' => '\0', _ => kind });
            }
        }
        return result.ToString();
    }

    private string Escaped(string text, int start, int digits)
    {
        if (start + digits > text.Length || !int.TryParse(text.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || code is < 0 or > 0x10FFFF)
            throw new ModelFormatException(Place, $"{digits} hexadecimal digits", "others");
        return code is >= 0xD800 and <= 0xDFFF ? "\uFFFD" : char.ConvertFromUtf32(code);
    }
}
