namespace ExecuSharp.Formats.Onnx;

/// <summary>Element types of tensors with the numbers of <c>TensorProto.DataType</c> (onnx.proto).</summary>
public enum OnnxDataType
{
    /// <summary>Not given.</summary>
    Undefined = 0,
    /// <summary>binary32.</summary>
    Float = 1,
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8 = 2,
    /// <summary>Signed 8-bit integer.</summary>
    Int8 = 3,
    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16 = 4,
    /// <summary>Signed 16-bit integer.</summary>
    Int16 = 5,
    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 6,
    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 7,
    /// <summary>Text.</summary>
    String = 8,
    /// <summary>One byte, 0 or 1.</summary>
    Bool = 9,
    /// <summary>binary16.</summary>
    Float16 = 10,
    /// <summary>binary64.</summary>
    Double = 11,
    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32 = 12,
    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64 = 13,
    /// <summary>Two binary32 numbers.</summary>
    Complex64 = 14,
    /// <summary>Two binary64 numbers.</summary>
    Complex128 = 15,
    /// <summary>The upper half of a binary32.</summary>
    BFloat16 = 16,
    /// <summary>8-bit float, 4 exponent bits, bias 7, no infinity.</summary>
    Float8E4M3Fn = 17,
    /// <summary>8-bit float, 4 exponent bits, bias 8, no infinity, no negative zero.</summary>
    Float8E4M3FnUz = 18,
    /// <summary>8-bit float, 5 exponent bits, bias 15.</summary>
    Float8E5M2 = 19,
    /// <summary>8-bit float, 5 exponent bits, bias 16, no infinity, no negative zero.</summary>
    Float8E5M2FnUz = 20,
    /// <summary>Unsigned 4-bit integer, two in a byte, low half first.</summary>
    UInt4 = 21,
    /// <summary>Signed 4-bit integer, two in a byte, low half first.</summary>
    Int4 = 22,
    /// <summary>4-bit float, 2 exponent bits, two in a byte, low half first.</summary>
    Float4E2M1 = 23,
    /// <summary>8-bit power of two, 0xFF is NaN.</summary>
    Float8E8M0 = 24,
    /// <summary>Unsigned 2-bit integer, four in a byte, low bits first.</summary>
    UInt2 = 25,
    /// <summary>Signed 2-bit integer, four in a byte, low bits first.</summary>
    Int2 = 26,
}
