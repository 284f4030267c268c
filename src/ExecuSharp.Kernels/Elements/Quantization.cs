using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elements;

/// <summary>Floats from and to 8-bit codes: value = (code - zero point) * scale.</summary>
public static unsafe class Quantization
{
    /// <summary>code = saturate(round(x * (1 / scale)) + zero point), ties to even; NaN gives the largest code.</summary>
    public static void Quantize(SimdWidth width, float* source, sbyte* target, int count, float scale, int zeroPoint, int min = -128, int max = 127)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Quantize<Simd512, Vector512<float>>(source, target, count, scale, zeroPoint, min, max); break;
            case SimdWidth.Bits256: Quantize<Simd256, Vector256<float>>(source, target, count, scale, zeroPoint, min, max); break;
            case SimdWidth.Bits128: Quantize<Simd128, Vector128<float>>(source, target, count, scale, zeroPoint, min, max); break;
            default: Quantize<SimdScalar, float>(source, target, count, scale, zeroPoint, min, max); break;
        }
    }

    /// <summary>The same to unsigned codes.</summary>
    public static void Quantize(SimdWidth width, float* source, byte* target, int count, float scale, int zeroPoint, int min = 0, int max = 255)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Quantize<Simd512, Vector512<float>>(source, (sbyte*)target, count, scale, zeroPoint, min, max); break;
            case SimdWidth.Bits256: Quantize<Simd256, Vector256<float>>(source, (sbyte*)target, count, scale, zeroPoint, min, max); break;
            case SimdWidth.Bits128: Quantize<Simd128, Vector128<float>>(source, (sbyte*)target, count, scale, zeroPoint, min, max); break;
            default: Quantize<SimdScalar, float>(source, (sbyte*)target, count, scale, zeroPoint, min, max); break;
        }
    }

    /// <summary>(code - zero point) * scale.</summary>
    public static void Dequantize(SimdWidth width, sbyte* source, float* target, int count, float scale, int zeroPoint)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Dequantize<Simd512, Vector512<float>>(source, target, count, scale, zeroPoint); break;
            case SimdWidth.Bits256: Dequantize<Simd256, Vector256<float>>(source, target, count, scale, zeroPoint); break;
            case SimdWidth.Bits128: Dequantize<Simd128, Vector128<float>>(source, target, count, scale, zeroPoint); break;
            default: Dequantize<SimdScalar, float>(source, target, count, scale, zeroPoint); break;
        }
    }

    /// <summary>The same from unsigned codes.</summary>
    public static void Dequantize(SimdWidth width, byte* source, float* target, int count, float scale, int zeroPoint)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Dequantize<Simd512, Vector512<float>>(source, target, count, scale, zeroPoint); break;
            case SimdWidth.Bits256: Dequantize<Simd256, Vector256<float>>(source, target, count, scale, zeroPoint); break;
            case SimdWidth.Bits128: Dequantize<Simd128, Vector128<float>>(source, target, count, scale, zeroPoint); break;
            default: Dequantize<SimdScalar, float>(source, target, count, scale, zeroPoint); break;
        }
    }

    /// <summary>
    /// Quantizes a row with a scale and zero point of its own, as XNNPACK does: 0 is in the range, the zero point comes from the end with the
    /// smaller error.
    /// </summary>
    /// <returns>The zero point and the scale that gives numbers back.</returns>
    public static (int ZeroPoint, float Scale) QuantizeRow(SimdWidth width, float* source, sbyte* target, int count)
    {
        var (min, max) = width switch
        {
            SimdWidth.Bits512 => Range<Simd512, Vector512<float>>(source, count),
            SimdWidth.Bits256 => Range<Simd256, Vector256<float>>(source, count),
            SimdWidth.Bits128 => Range<Simd128, Vector128<float>>(source, count),
            _ => Range<SimdScalar, float>(source, count),
        };
        float scale = min == max ? 1f : 255f / (max - min);
        float low = min * scale, high = max * scale;
        float point = (-128f + low) + (127f + high) > 0 ? -128f - low : 127f - high;
        int zeroPoint = (int)MathF.Round(Math.Clamp(point, -128f, 127f));
        QuantizeBy(width, source, target, count, scale, zeroPoint);
        return (zeroPoint, 1f / scale);
    }

    private static void QuantizeBy(SimdWidth width, float* source, sbyte* target, int count, float inverse, int zeroPoint)
    {
        switch (width)
        {
            case SimdWidth.Bits512: QuantizeBy<Simd512, Vector512<float>>(source, target, count, inverse, zeroPoint, -128, 127); break;
            case SimdWidth.Bits256: QuantizeBy<Simd256, Vector256<float>>(source, target, count, inverse, zeroPoint, -128, 127); break;
            case SimdWidth.Bits128: QuantizeBy<Simd128, Vector128<float>>(source, target, count, inverse, zeroPoint, -128, 127); break;
            default: QuantizeBy<SimdScalar, float>(source, target, count, inverse, zeroPoint, -128, 127); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (float Min, float Max) Range<S, V>(float* source, int count) where S : ISimd<V> where V : struct
    {
        V low = S.Broadcast(0), high = low;
        int i = 0;
        for (; i + S.Count <= count; i += S.Count)
        {
            V x = S.Load(ref source[i], 0);
            low = S.Min(x, low);
            high = S.Max(x, high);
        }
        float min = S.MinLane(low), max = S.MaxLane(high);
        for (; i < count; i++)
        {
            min = source[i] < min ? source[i] : min;
            max = source[i] > max ? source[i] : max;
        }
        return (min, max);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Quantize<S, V>(float* source, sbyte* target, int count, float scale, int zeroPoint, int min, int max) where S : ISimd<V> where V : struct =>
        QuantizeBy<S, V>(source, target, count, 1f / scale, zeroPoint, min, max);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void QuantizeBy<S, V>(float* source, sbyte* target, int count, float inverse, int zeroPoint, int min, int max) where S : ISimd<V> where V : struct
    {
        V factor = S.Broadcast(inverse), zero = S.Broadcast(zeroPoint), low = S.Broadcast(min - zeroPoint), high = S.Broadcast(max - zeroPoint);
        int i = 0;
        for (; i + S.Count <= count; i += S.Count)
            Lanes.Store(S.Add(S.Round(S.Max(S.Min(S.Mul(S.Load(ref source[i], 0), factor), high), low)), zero), target + i);
        for (; i < count; i++)
            target[i] = (sbyte)(int)Code(source[i] * inverse, zeroPoint, min, max);
    }

    /// <summary>saturate(round(x) + zero point), NaN gives the largest code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Code(float scaled, int zeroPoint, int min, int max)
    {
        float x = scaled < max - zeroPoint ? scaled : max - zeroPoint;
        x = x > min - zeroPoint ? x : min - zeroPoint;
        return MathF.Round(x) + zeroPoint;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dequantize<S, V>(sbyte* source, float* target, int count, float scale, int zeroPoint) where S : ISimd<V> where V : struct
    {
        V factor = S.Broadcast(scale), zero = S.Broadcast(zeroPoint);
        int i = 0;
        for (; i + S.Count <= count; i += S.Count)
            S.Store(S.Mul(S.Sub(Lanes.Load<V>(source + i), zero), factor), ref target[i], 0);
        for (; i < count; i++)
            target[i] = (source[i] - zeroPoint) * scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dequantize<S, V>(byte* source, float* target, int count, float scale, int zeroPoint) where S : ISimd<V> where V : struct
    {
        V factor = S.Broadcast(scale), zero = S.Broadcast(zeroPoint);
        int i = 0;
        for (; i + S.Count <= count; i += S.Count)
            S.Store(S.Mul(S.Sub(Lanes.Load<V>(source + i), zero), factor), ref target[i], 0);
        for (; i < count; i++)
            target[i] = (source[i] - zeroPoint) * scale;
    }
}
