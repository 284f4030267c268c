using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Indexing;

/// <summary>Sums in the element type itself: integers wrap, 16-bit floats round after each addition, truth values are "or".</summary>
internal static class Accumulation
{
    /// <summary>target += values, element by element.</summary>
    public static void Add(ScalarType type, Span<byte> target, ReadOnlySpan<byte> values)
    {
        switch (type)
        {
            case ScalarType.Float: Add<float>(target, values); break;
            case ScalarType.Double: Add<double>(target, values); break;
            case ScalarType.Half: Add<Half>(target, values); break;
            case ScalarType.BFloat16: AddBFloat16(target, values); break;
            case ScalarType.Long: Add<long>(target, values); break;
            case ScalarType.Int: Add<int>(target, values); break;
            case ScalarType.Short: Add<short>(target, values); break;
            case ScalarType.Char: Add<sbyte>(target, values); break;
            case ScalarType.Byte: Add<byte>(target, values); break;
            case ScalarType.Bool: Or(target, values); break;
            default: Promotion.RequireRealOrBool(type); break;
        }
    }

    private static void Add<T>(Span<byte> target, ReadOnlySpan<byte> values) where T : unmanaged, INumberBase<T>
    {
        var to = MemoryMarshal.Cast<byte, T>(target);
        var from = MemoryMarshal.Cast<byte, T>(values);
        for (int i = 0; i < to.Length; i++)
            to[i] = unchecked(to[i] + from[i]);
    }

    private static void AddBFloat16(Span<byte> target, ReadOnlySpan<byte> values)
    {
        var to = MemoryMarshal.Cast<byte, BFloat16>(target);
        var from = MemoryMarshal.Cast<byte, BFloat16>(values);
        for (int i = 0; i < to.Length; i++)
            to[i] = (BFloat16)((float)to[i] + from[i]);
    }

    private static void Or(Span<byte> target, ReadOnlySpan<byte> values)
    {
        for (int i = 0; i < target.Length; i++)
            target[i] = (byte)(target[i] != 0 || values[i] != 0 ? 1 : 0);
    }
}
