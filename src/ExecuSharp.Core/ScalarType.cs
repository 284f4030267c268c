namespace ExecuSharp.Core;

/// <summary>Element types of tensors, with the numbers of ExecuTorch's <c>ScalarType</c> (scalar_type.fbs and the runtime enum).</summary>
public enum ScalarType : byte
{
    /// <summary>Unsigned 8-bit integer.</summary>
    Byte = 0,
    /// <summary>Signed 8-bit integer.</summary>
    Char = 1,
    /// <summary>Signed 16-bit integer.</summary>
    Short = 2,
    /// <summary>Signed 32-bit integer.</summary>
    Int = 3,
    /// <summary>Signed 64-bit integer.</summary>
    Long = 4,
    /// <summary>IEEE binary16.</summary>
    Half = 5,
    /// <summary>IEEE binary32.</summary>
    Float = 6,
    /// <summary>IEEE binary64.</summary>
    Double = 7,
    /// <summary>Two binary16 numbers.</summary>
    ComplexHalf = 8,
    /// <summary>Two binary32 numbers.</summary>
    ComplexFloat = 9,
    /// <summary>Two binary64 numbers.</summary>
    ComplexDouble = 10,
    /// <summary>One byte, 0 or 1.</summary>
    Bool = 11,
    /// <summary>Quantized signed 8-bit.</summary>
    QInt8 = 12,
    /// <summary>Quantized unsigned 8-bit.</summary>
    QUInt8 = 13,
    /// <summary>Quantized signed 32-bit.</summary>
    QInt32 = 14,
    /// <summary>The upper half of a binary32.</summary>
    BFloat16 = 15,
    /// <summary>Two unsigned 4-bit codes in a byte.</summary>
    QUInt4x2 = 16,
    /// <summary>Four unsigned 2-bit codes in a byte.</summary>
    QUInt2x4 = 17,
    /// <summary>Raw bits.</summary>
    Bits1x8 = 18,
    /// <summary>Raw bits.</summary>
    Bits2x4 = 19,
    /// <summary>Raw bits.</summary>
    Bits4x2 = 20,
    /// <summary>Raw bits.</summary>
    Bits8 = 21,
    /// <summary>Raw 16 bits.</summary>
    Bits16 = 22,
    /// <summary>8-bit float, 5 exponent bits.</summary>
    Float8E5M2 = 23,
    /// <summary>8-bit float, 4 exponent bits, finite only.</summary>
    Float8E4M3Fn = 24,
    /// <summary>8-bit float, 5 exponent bits, no negative zero.</summary>
    Float8E5M2FnUz = 25,
    /// <summary>8-bit float, 4 exponent bits, no negative zero.</summary>
    Float8E4M3FnUz = 26,
    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 27,
    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 28,
    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 29,
}
