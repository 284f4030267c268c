using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Runtime.XnnPack;

/// <summary>Facts about element types.</summary>
internal static class XnnDatatypes
{
    /// <summary>Bytes of an element; 0 for types without whole elements.</summary>
    public static int SizeOf(this XnnDatatype type) => type switch
    {
        XnnDatatype.Fp32 or XnnDatatype.Int32 or XnnDatatype.QInt32 or XnnDatatype.QCInt32 => 4,
        XnnDatatype.Fp16 or XnnDatatype.BFloat16 => 2,
        XnnDatatype.QInt8 or XnnDatatype.QUInt8 or XnnDatatype.QCInt8 or XnnDatatype.QDInt8 => 1,
        _ => 0,
    };

    public static bool IsFloat(this XnnDatatype type) => type is XnnDatatype.Fp32 or XnnDatatype.Fp16 or XnnDatatype.BFloat16;

    public static bool IsCode(this XnnDatatype type) => type is XnnDatatype.QInt8 or XnnDatatype.QUInt8;

    /// <summary>Lowest and highest code.</summary>
    public static (int Min, int Max) Codes(this XnnDatatype type) => type == XnnDatatype.QUInt8 ? (0, 255) : (-128, 127);
}
