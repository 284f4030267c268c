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

    /// <summary>A compute type: Byte, Char, Short, Int, Long, Float or Double; Bool is a byte of 0 or 1.</summary>
    /// <exception cref="ExecuTorchException">InvalidArgument: another type.</exception>
    public static void Number<A>(ScalarType compute, A action) where A : struct, INumberAction
    {
        switch (compute)
        {
            case ScalarType.Float: action.Run<float>(); break;
            case ScalarType.Double: action.Run<double>(); break;
            case ScalarType.Long: action.Run<long>(); break;
            case ScalarType.Int: action.Run<int>(); break;
            case ScalarType.Short: action.Run<short>(); break;
            case ScalarType.Char: action.Run<sbyte>(); break;
            case ScalarType.Byte or ScalarType.Bool: action.Run<byte>(); break;
            default: throw new ExecuTorchException(ErrorCode.InvalidArgument, $"no kernel that computes in {compute.Name()}");
        }
    }
}
