using ExecuSharp.Core;

namespace ExecuSharp.Formats.Numpy;

/// <summary>NumPy's element type codes (<c>f4</c>, <c>i8</c>, <c>?</c>) for the types that tensors have.</summary>
internal static class NumpyTypes
{
    private static readonly (string Code, ScalarType Type)[] Table =
    [
        ("f8", ScalarType.Double), ("f4", ScalarType.Float), ("f2", ScalarType.Half),
        ("i8", ScalarType.Long), ("i4", ScalarType.Int), ("i2", ScalarType.Short), ("i1", ScalarType.Char),
        ("u8", ScalarType.UInt64), ("u4", ScalarType.UInt32), ("u2", ScalarType.UInt16), ("u1", ScalarType.Byte),
        ("b1", ScalarType.Bool), ("c8", ScalarType.ComplexFloat), ("c16", ScalarType.ComplexDouble),
        // ml_dtypes writes these as opaque bytes with its own names in pickles
        ("bfloat16", ScalarType.BFloat16), ("float8_e5m2", ScalarType.Float8E5M2), ("float8_e4m3fn", ScalarType.Float8E4M3Fn),
    ];

    /// <summary>The type of a code without byte order, or null.</summary>
    public static ScalarType? Parse(ReadOnlySpan<char> code)
    {
        if (code is "?" or "bool")
            return ScalarType.Bool;
        foreach (var row in Table)
            if (code.SequenceEqual(row.Code))
                return row.Type;
        return null;
    }

    /// <summary>The type and byte order of a description such as <c>&lt;f4</c>, <c>&gt;i8</c>, <c>|b1</c>, or null.</summary>
    public static (ScalarType Type, bool BigEndian)? ParseDescription(ReadOnlySpan<char> text)
    {
        bool ordered = text.Length > 0 && text[0] is '<' or '>' or '|' or '=';
        var type = Parse(ordered ? text[1..] : text);
        return type is null ? null : (type.Value, text[0] == '>');
    }

    /// <summary>The description of a little-endian type as <c>.npy</c> files have it, or null.</summary>
    public static string? Describe(ScalarType type)
    {
        foreach (var row in Table)
            if (row.Type == type)
                return row.Code.Length > 3 ? null : (type.SizeOf() == 1 ? "|" : "<") + row.Code;
        return null;
    }
}
