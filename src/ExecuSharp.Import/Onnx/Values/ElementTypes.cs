using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;

namespace ExecuSharp.Import.Onnx;

/// <summary>
/// Which element type of the runtime carries which of ONNX. Types without kernels are carried by value in a wider one: 16-bit and 32-bit unsigned
/// integers in the next signed type, 64-bit ones in int64 (values above 2^63 wrap), 2-bit and 4-bit integers in 8 bits, floats of 4 and 8 bits in float.
/// </summary>
internal static class ElementTypes
{
    public static ScalarType? Carrier(OnnxDataType type) => type switch
    {
        OnnxDataType.Float or OnnxDataType.Float8E4M3Fn or OnnxDataType.Float8E4M3FnUz or OnnxDataType.Float8E5M2
            or OnnxDataType.Float8E5M2FnUz or OnnxDataType.Float4E2M1 or OnnxDataType.Float8E8M0 => ScalarType.Float,
        OnnxDataType.Double => ScalarType.Double,
        OnnxDataType.Float16 => ScalarType.Half,
        OnnxDataType.BFloat16 => ScalarType.BFloat16,
        OnnxDataType.UInt8 or OnnxDataType.UInt4 or OnnxDataType.UInt2 => ScalarType.Byte,
        OnnxDataType.Int8 or OnnxDataType.Int4 or OnnxDataType.Int2 => ScalarType.Char,
        OnnxDataType.Int16 => ScalarType.Short,
        OnnxDataType.Int32 or OnnxDataType.UInt16 => ScalarType.Int,
        OnnxDataType.Int64 or OnnxDataType.UInt32 or OnnxDataType.UInt64 => ScalarType.Long,
        OnnxDataType.Bool => ScalarType.Bool,
        _ => null,
    };

    /// <summary>The ONNX type that has the same elements as the runtime's.</summary>
    public static OnnxDataType Natural(ScalarType type) => type switch
    {
        ScalarType.Float => OnnxDataType.Float,
        ScalarType.Double => OnnxDataType.Double,
        ScalarType.Half => OnnxDataType.Float16,
        ScalarType.BFloat16 => OnnxDataType.BFloat16,
        ScalarType.Byte => OnnxDataType.UInt8,
        ScalarType.Char => OnnxDataType.Int8,
        ScalarType.Short => OnnxDataType.Int16,
        ScalarType.Int => OnnxDataType.Int32,
        ScalarType.Bool => OnnxDataType.Bool,
        _ => OnnxDataType.Int64,
    };

    public static bool IsFloating(OnnxDataType type) => type is OnnxDataType.Float or OnnxDataType.Double or OnnxDataType.Float16 or OnnxDataType.BFloat16 || IsSmallFloat(type);

    public static bool IsSmallFloat(OnnxDataType type) => type is OnnxDataType.Float8E4M3Fn or OnnxDataType.Float8E4M3FnUz
        or OnnxDataType.Float8E5M2 or OnnxDataType.Float8E5M2FnUz or OnnxDataType.Float4E2M1 or OnnxDataType.Float8E8M0;

    /// <summary>Smallest and largest value of an integer type; int64 for what exceeds it.</summary>
    public static (long Min, long Max) Range(OnnxDataType type) => type switch
    {
        OnnxDataType.UInt2 => (0, 3),
        OnnxDataType.Int2 => (-2, 1),
        OnnxDataType.UInt4 => (0, 15),
        OnnxDataType.Int4 => (-8, 7),
        OnnxDataType.UInt8 => (0, 255),
        OnnxDataType.Int8 => (-128, 127),
        OnnxDataType.UInt16 => (0, 65535),
        OnnxDataType.Int16 => (short.MinValue, short.MaxValue),
        OnnxDataType.UInt32 => (0, uint.MaxValue),
        OnnxDataType.Int32 => (int.MinValue, int.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    /// <summary>True if arithmetic in the carrier does not wrap where the ONNX type does.</summary>
    public static bool IsWidened(OnnxDataType type) => type is OnnxDataType.UInt2 or OnnxDataType.Int2 or OnnxDataType.UInt4 or OnnxDataType.Int4
        or OnnxDataType.UInt16 or OnnxDataType.UInt32;
}
