using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>PyTorch's names of element types and storages.</summary>
internal static class TorchTypes
{
    private static readonly Dictionary<string, ScalarType> Storages = new(StringComparer.Ordinal)
    {
        ["DoubleStorage"] = ScalarType.Double,
        ["FloatStorage"] = ScalarType.Float,
        ["HalfStorage"] = ScalarType.Half,
        ["BFloat16Storage"] = ScalarType.BFloat16,
        ["LongStorage"] = ScalarType.Long,
        ["IntStorage"] = ScalarType.Int,
        ["ShortStorage"] = ScalarType.Short,
        ["CharStorage"] = ScalarType.Char,
        ["ByteStorage"] = ScalarType.Byte,
        ["BoolStorage"] = ScalarType.Bool,
        ["ComplexFloatStorage"] = ScalarType.ComplexFloat,
        ["ComplexDoubleStorage"] = ScalarType.ComplexDouble,
        ["QInt8Storage"] = ScalarType.QInt8,
        ["QUInt8Storage"] = ScalarType.QUInt8,
        ["QInt32Storage"] = ScalarType.QInt32,
        ["QUInt4x2Storage"] = ScalarType.QUInt4x2,
        ["QUInt2x4Storage"] = ScalarType.QUInt2x4,
    };

    private static readonly Dictionary<string, ScalarType> Types = new(StringComparer.Ordinal)
    {
        ["float64"] = ScalarType.Double,
        ["double"] = ScalarType.Double,
        ["float32"] = ScalarType.Float,
        ["float"] = ScalarType.Float,
        ["float16"] = ScalarType.Half,
        ["half"] = ScalarType.Half,
        ["bfloat16"] = ScalarType.BFloat16,
        ["int64"] = ScalarType.Long,
        ["long"] = ScalarType.Long,
        ["int32"] = ScalarType.Int,
        ["int"] = ScalarType.Int,
        ["int16"] = ScalarType.Short,
        ["short"] = ScalarType.Short,
        ["int8"] = ScalarType.Char,
        ["uint8"] = ScalarType.Byte,
        ["uint16"] = ScalarType.UInt16,
        ["uint32"] = ScalarType.UInt32,
        ["uint64"] = ScalarType.UInt64,
        ["bool"] = ScalarType.Bool,
        ["complex32"] = ScalarType.ComplexHalf,
        ["chalf"] = ScalarType.ComplexHalf,
        ["complex64"] = ScalarType.ComplexFloat,
        ["cfloat"] = ScalarType.ComplexFloat,
        ["complex128"] = ScalarType.ComplexDouble,
        ["cdouble"] = ScalarType.ComplexDouble,
        ["qint8"] = ScalarType.QInt8,
        ["quint8"] = ScalarType.QUInt8,
        ["qint32"] = ScalarType.QInt32,
        ["quint4x2"] = ScalarType.QUInt4x2,
        ["quint2x4"] = ScalarType.QUInt2x4,
        ["bits1x8"] = ScalarType.Bits1x8,
        ["bits2x4"] = ScalarType.Bits2x4,
        ["bits4x2"] = ScalarType.Bits4x2,
        ["bits8"] = ScalarType.Bits8,
        ["bits16"] = ScalarType.Bits16,
        ["float8_e5m2"] = ScalarType.Float8E5M2,
        ["float8_e4m3fn"] = ScalarType.Float8E4M3Fn,
        ["float8_e5m2fnuz"] = ScalarType.Float8E5M2FnUz,
        ["float8_e4m3fnuz"] = ScalarType.Float8E4M3FnUz,
    };

    /// <summary>True for a storage class; the type is null for an untyped one.</summary>
    public static bool TryStorage(PickleGlobal global, out ScalarType? type)
    {
        type = null;
        if (global.Module is not ("torch" or "torch.cuda" or "torch.storage"))
            return false;
        if (global.Name is "UntypedStorage" or "_UntypedStorage")
            return true;
        if (!Storages.TryGetValue(global.Name, out var found))
            return false;
        type = found;
        return true;
    }

    /// <summary>The element type that a <c>torch.float32</c> or similar names, else null.</summary>
    public static ScalarType? Type(PickleGlobal global) =>
        global.Module == "torch" && Types.TryGetValue(global.Name, out var type) ? type : null;
}
