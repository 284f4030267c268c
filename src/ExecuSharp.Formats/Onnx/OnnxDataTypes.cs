namespace ExecuSharp.Formats.Onnx;

/// <summary>Facts about <see cref="OnnxDataType"/> values.</summary>
public static class OnnxDataTypes
{
    /// <summary>Bits of one element; 0 for text and for numbers that are no type.</summary>
    public static int Bits(this OnnxDataType type) => type switch
    {
        OnnxDataType.UInt2 or OnnxDataType.Int2 => 2,
        OnnxDataType.UInt4 or OnnxDataType.Int4 or OnnxDataType.Float4E2M1 => 4,
        OnnxDataType.UInt8 or OnnxDataType.Int8 or OnnxDataType.Bool or OnnxDataType.Float8E4M3Fn or OnnxDataType.Float8E4M3FnUz
            or OnnxDataType.Float8E5M2 or OnnxDataType.Float8E5M2FnUz or OnnxDataType.Float8E8M0 => 8,
        OnnxDataType.UInt16 or OnnxDataType.Int16 or OnnxDataType.Float16 or OnnxDataType.BFloat16 => 16,
        OnnxDataType.Float or OnnxDataType.Int32 or OnnxDataType.UInt32 => 32,
        OnnxDataType.Double or OnnxDataType.Int64 or OnnxDataType.UInt64 or OnnxDataType.Complex64 => 64,
        OnnxDataType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>A type of the standard.</summary>
    public static bool IsKnown(this OnnxDataType type) => type is > OnnxDataType.Undefined and <= OnnxDataType.Int2;
}
