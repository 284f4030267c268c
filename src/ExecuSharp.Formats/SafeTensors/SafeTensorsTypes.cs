using ExecuSharp.Core;

namespace ExecuSharp.Formats.SafeTensors;

/// <summary>The element type names of the safetensors format.</summary>
internal static class SafeTensorsTypes
{
    private static readonly (string Name, ScalarType Type)[] Table =
    [
        ("F64", ScalarType.Double), ("F32", ScalarType.Float), ("F16", ScalarType.Half), ("BF16", ScalarType.BFloat16),
        ("I64", ScalarType.Long), ("I32", ScalarType.Int), ("I16", ScalarType.Short), ("I8", ScalarType.Char),
        ("U64", ScalarType.UInt64), ("U32", ScalarType.UInt32), ("U16", ScalarType.UInt16), ("U8", ScalarType.Byte),
        ("BOOL", ScalarType.Bool), ("C64", ScalarType.ComplexFloat),
        ("F8_E4M3", ScalarType.Float8E4M3Fn), ("F8_E5M2", ScalarType.Float8E5M2),
        ("F8_E4M3FNUZ", ScalarType.Float8E4M3FnUz), ("F8_E5M2FNUZ", ScalarType.Float8E5M2FnUz),
    ];

    public static ScalarType? Parse(string name)
    {
        foreach (var row in Table)
            if (row.Name == name)
                return row.Type;
        return null;
    }

    /// <summary>The name, or null for a type that the format does not have.</summary>
    public static string? NameOf(ScalarType type)
    {
        foreach (var row in Table)
            if (row.Type == type)
                return row.Name;
        return null;
    }
}
