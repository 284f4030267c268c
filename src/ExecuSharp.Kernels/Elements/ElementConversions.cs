using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Core;

namespace ExecuSharp.Kernels.Elements;

/// <summary>Conversions of 16-bit floats from and to float32, rounded half to even.</summary>
public static class ElementConversions
{
    /// <summary>binary16 to binary32, exact.</summary>
    public static void ToSingle(ReadOnlySpan<Half> source, Span<float> target)
    {
        var bits = MemoryMarshal.Cast<Half, ushort>(source);
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var scale = Vector256.Create(5.192296858534828e33f); // 2^112
            for (; i + 16 <= bits.Length; i += 16)
            {
                var (low, high) = Vector256.Widen(Vector256.Create(bits[i..]));
                HalfBits(low, scale).CopyTo(target[i..]);
                HalfBits(high, scale).CopyTo(target[(i + 8)..]);
            }
        }
        for (; i < bits.Length; i++)
            target[i] = (float)source[i];
    }

    /// <summary>binary32 to binary16.</summary>
    public static void ToHalf(ReadOnlySpan<float> source, Span<Half> target)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var bits = MemoryMarshal.Cast<float, uint>(source);
            var halves = MemoryMarshal.Cast<Half, ushort>(target);
            for (; i + 16 <= source.Length; i += 16)
                Vector256.Narrow(ToHalfBits(Vector256.Create(bits[i..])), ToHalfBits(Vector256.Create(bits[(i + 8)..]))).CopyTo(halves[i..]);
        }
        for (; i < source.Length; i++)
            target[i] = (Half)source[i];
    }

    /// <summary>bfloat16 to binary32, exact.</summary>
    public static void ToSingle(ReadOnlySpan<BFloat16> source, Span<float> target)
    {
        for (int i = 0; i < source.Length; i++)
            target[i] = source[i];
    }

    /// <summary>binary32 to bfloat16.</summary>
    public static void ToBFloat16(ReadOnlySpan<float> source, Span<BFloat16> target)
    {
        for (int i = 0; i < source.Length; i++)
            target[i] = (BFloat16)source[i];
    }

    private static Vector256<uint> ToHalfBits(Vector256<uint> bits)
    {
        var magnitude = bits & Vector256.Create(0x7FFFFFFFu);
        // Normal: the bias changes by -112, and half of the last kept bit (less one, plus that bit) rounds half to even.
        var normal = (magnitude + Vector256.Create(0xC8000FFFu) + ((magnitude >> 13) & Vector256.Create(1u))) >> 13;
        // Below 2^-14: adding 0.5 aligns the significand to the denormal's last place and rounds it.
        var denormal = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0x3F000000u);
        var huge = Vector256.ConditionalSelect(Vector256.GreaterThan(magnitude, Vector256.Create(0x7F800000u)), Vector256.Create(0x7E00u), Vector256.Create(0x7C00u));
        var half = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0x38800000u)), denormal, normal);
        half = Vector256.ConditionalSelect(Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x47800000u)), huge, half);
        return half | ((bits >> 16) & Vector256.Create(0x8000u));
    }

    private static Vector256<float> HalfBits(Vector256<uint> bits, Vector256<float> scale)
    {
        // Exponent and significand are moved into place; the exponent's bias is corrected by a multiplication, which also makes denormals right.
        var magnitude = (bits & Vector256.Create(0x7FFFu)) << 13;
        var value = (magnitude.AsSingle() * scale).AsUInt32();
        var special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x0F800000u));
        value = Vector256.ConditionalSelect(special, magnitude | Vector256.Create(0x7F800000u), value);
        return (value | ((bits & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }
}
