using System.Collections.Frozen;

namespace ExecuSharp.Vision.Text.Repair;

/// <summary>A single-byte encoding that broken text may have gone through.</summary>
internal sealed class SingleByteEncoding
{
    private readonly FrozenDictionary<char, byte> bytes;

    private SingleByteEncoding(string? upperHalf, bool sloppy, bool isMacRoman = false)
    {
        IsSloppy = sloppy;
        IsMacRoman = isMacRoman;
        var map = new Dictionary<char, byte>();
        for (int b = 0; b < 256; b++)
            map[b < 128 || upperHalf is null ? (char)b : upperHalf[b - 128]] = (byte)b;
        if (sloppy)
        {
            // Byte 1A stands for what could not be decoded.
            map.Remove('\x1A');
            map['\uFFFD'] = 0x1A;
        }
        bytes = map.ToFrozenDictionary();
    }

    /// <summary>In the order in which they are tried; the first is Latin-1.</summary>
    public static SingleByteEncoding[] All { get; } =
    [
        new(null, false),
        new(CodePageData.Windows1252, true),
        new(CodePageData.Windows1251, true),
        new(CodePageData.Windows1250, true),
        new(CodePageData.Windows1253, true),
        new(CodePageData.Windows1254, true),
        new(CodePageData.Windows1257, true),
        new(CodePageData.Latin2, false),
        new(CodePageData.MacRoman, false, isMacRoman: true),
        new(CodePageData.Cp437, false),
    ];

    public bool IsSloppy { get; }

    public bool IsMacRoman { get; }

    /// <summary>The bytes that this encoding would have shown as the text, or null if it has no such characters.</summary>
    public byte[]? Encode(string text)
    {
        var result = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            if (!bytes.TryGetValue(text[i], out result[i]))
                return null;
        }
        return result;
    }
}
