using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>Calls generic work for an element type that is known only at run time.</summary>
internal static class ElementDispatch
{
    /// <summary>Byte, Char, Short, Int, Long, Half, BFloat16, Float, Double and Bool.</summary>
    /// <exception cref="ExecuTorchException">InvalidArgument: another type.</exception>
    public static void RealOrBool<A>(ScalarType type, A action) where A : struct, IElementAction, allows ref struct
    {
        switch (type)
        {
            case ScalarType.Float: action.Run<float>(); break;
            case ScalarType.Double: action.Run<double>(); break;
            case ScalarType.Half: action.Run<Half>(); break;
            case ScalarType.BFloat16: action.Run<BFloat16>(); break;
            case ScalarType.Long: action.Run<long>(); break;
            case ScalarType.Int: action.Run<int>(); break;
            case ScalarType.Short: action.Run<short>(); break;
            case ScalarType.Char: action.Run<sbyte>(); break;
            case ScalarType.Byte: action.Run<byte>(); break;
            case ScalarType.Bool: action.Run<bool>(); break;
            default: throw new ExecuTorchException(ErrorCode.InvalidArgument, $"no kernel for elements of type {type.Name()}");
        }
    }

    /// <summary>An integer type of the element's size, for work that only moves bits: 1, 2, 4, 8 or 16 bytes.</summary>
    /// <exception cref="ExecuTorchException">InvalidArgument: another size.</exception>
    public static void BySize<A>(ScalarType type, A action) where A : struct, IElementAction, allows ref struct
    {
        switch (type.SizeOf())
        {
            case 1: action.Run<byte>(); break;
            case 2: action.Run<ushort>(); break;
            case 4: action.Run<uint>(); break;
            case 8: action.Run<ulong>(); break;
            case 16: action.Run<UInt128>(); break;
            default: throw new ExecuTorchException(ErrorCode.InvalidArgument, $"no kernel for elements of type {type.Name()}");
        }
    }
}
