using System.Runtime.InteropServices;
using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>Number arguments as elements.</summary>
internal static class Scalars
{
    /// <summary>Writes one element of a type; a number that does not fit is refused.</summary>
    public static void Write(Scalar value, ScalarType type, Span<byte> target)
    {
        Promotion.RequireRealOrBool(type);
        KernelChecks.Require(Promotion.Fits(value, type), $"{value} does not fit {type.Name()}");
        switch (type)
        {
            case ScalarType.Float: Write<float>(value, target); break;
            case ScalarType.Double: Write<double>(value, target); break;
            case ScalarType.Half: Write<Half>(value, target); break;
            case ScalarType.BFloat16: Write<BFloat16>(value, target); break;
            case ScalarType.Long: Write<long>(value, target); break;
            case ScalarType.Int: Write<int>(value, target); break;
            case ScalarType.Short: Write<short>(value, target); break;
            case ScalarType.Char: Write<sbyte>(value, target); break;
            case ScalarType.Byte: Write<byte>(value, target); break;
            default: Write<bool>(value, target); break;
        }
    }

    private static void Write<T>(Scalar value, Span<byte> target) where T : unmanaged
    {
        T element = ElementCast.Cast<T>(value);
        MemoryMarshal.Write(target, in element);
    }
}
