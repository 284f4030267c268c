using System.Runtime.CompilerServices;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Reduction;

/// <summary>Rounding of a float32 that stands for a 16-bit float, after each step of a computation in that type.</summary>
internal static class Rounding
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T To<T>(ScalarType type, T value) where T : unmanaged
    {
        if (typeof(T) != typeof(float))
            return value;
        return type switch
        {
            ScalarType.Half => ElementCast.Cast<Half, T>(ElementCast.Cast<T, Half>(value)),
            ScalarType.BFloat16 => ElementCast.Cast<BFloat16, T>(ElementCast.Cast<T, BFloat16>(value)),
            _ => value,
        };
    }
}
