using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>Turns 32-bit sums into results.</summary>
public static unsafe class Int8Epilogue
{
    /// <summary>y[n] = clamp(sums[n] * rowScale * scales[n] + bias[n]).</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="sums">Sums.</param>
    /// <param name="count">Columns.</param>
    /// <param name="rowScale">Scale of the row of activations.</param>
    /// <param name="scales">Scales of the columns of weights.</param>
    /// <param name="bias">Bias, zeros for none.</param>
    /// <param name="min">Lower bound.</param>
    /// <param name="max">Upper bound.</param>
    /// <param name="y">Result.</param>
    public static void Dequantize(SimdWidth width, int* sums, int count, float rowScale, float* scales, float* bias, float min, float max, float* y)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Dequantize<Simd512, Vector512<float>>(sums, count, rowScale, scales, bias, min, max, y); break;
            case SimdWidth.Bits256: Dequantize<Simd256, Vector256<float>>(sums, count, rowScale, scales, bias, min, max, y); break;
            case SimdWidth.Bits128: Dequantize<Simd128, Vector128<float>>(sums, count, rowScale, scales, bias, min, max, y); break;
            default: Dequantize<SimdScalar, float>(sums, count, rowScale, scales, bias, min, max, y); break;
        }
    }

    /// <summary>code[r, n] = clamp(round(sums[r, n] * scales[n]) + zero point), ties to even.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="sums">Sums.</param>
    /// <param name="stride">Distance of rows of sums.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="count">Columns.</param>
    /// <param name="scales">input scale * weight scale / output scale of each column.</param>
    /// <param name="zeroPoint">Zero point of the output.</param>
    /// <param name="min">Lowest code.</param>
    /// <param name="max">Highest code.</param>
    /// <param name="codes">Result; the low byte of each code.</param>
    /// <param name="codeStride">Distance of rows of the result.</param>
    public static void Requantize(SimdWidth width, int* sums, int stride, int rows, int count, float* scales, int zeroPoint, int min, int max, sbyte* codes, nint codeStride)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Requantize<Simd512, Vector512<float>>(sums, stride, rows, count, scales, zeroPoint, min, max, codes, codeStride); break;
            case SimdWidth.Bits256: Requantize<Simd256, Vector256<float>>(sums, stride, rows, count, scales, zeroPoint, min, max, codes, codeStride); break;
            case SimdWidth.Bits128: Requantize<Simd128, Vector128<float>>(sums, stride, rows, count, scales, zeroPoint, min, max, codes, codeStride); break;
            default: Requantize<SimdScalar, float>(sums, stride, rows, count, scales, zeroPoint, min, max, codes, codeStride); break;
        }
    }

    /// <summary>y[n] += sums[n] * scales[n].</summary>
    public static void Accumulate(SimdWidth width, int* sums, int count, float* scales, float* y)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Accumulate<Simd512, Vector512<float>>(sums, count, scales, y); break;
            case SimdWidth.Bits256: Accumulate<Simd256, Vector256<float>>(sums, count, scales, y); break;
            case SimdWidth.Bits128: Accumulate<Simd128, Vector128<float>>(sums, count, scales, y); break;
            default: Accumulate<SimdScalar, float>(sums, count, scales, y); break;
        }
    }

    /// <summary>y[n] = clamp(y[n] * rowScale + bias[n]).</summary>
    public static void Finish(SimdWidth width, float* y, int count, float rowScale, float* bias, float min, float max)
    {
        switch (width)
        {
            case SimdWidth.Bits512: Finish<Simd512, Vector512<float>>(y, count, rowScale, bias, min, max); break;
            case SimdWidth.Bits256: Finish<Simd256, Vector256<float>>(y, count, rowScale, bias, min, max); break;
            case SimdWidth.Bits128: Finish<Simd128, Vector128<float>>(y, count, rowScale, bias, min, max); break;
            default: Finish<SimdScalar, float>(y, count, rowScale, bias, min, max); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Finish<S, V>(float* y, int count, float rowScale, float* bias, float min, float max) where S : ISimd<V> where V : struct
    {
        V row = S.Broadcast(rowScale), low = S.Broadcast(min), high = S.Broadcast(max);
        int n = 0;
        for (; n + S.Count <= count; n += S.Count)
            S.Store(S.Min(S.Max(S.Fma(S.Load(ref y[n], 0), row, S.Load(ref bias[n], 0)), low), high), ref y[n], 0);
        for (; n < count; n++)
        {
            float value = MathF.FusedMultiplyAdd(y[n], rowScale, bias[n]);
            value = value > min ? value : min;
            y[n] = value < max ? value : max;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dequantize<S, V>(int* sums, int count, float rowScale, float* scales, float* bias, float min, float max, float* y) where S : ISimd<V> where V : struct
    {
        V row = S.Broadcast(rowScale), low = S.Broadcast(min), high = S.Broadcast(max);
        int n = 0;
        for (; n + S.Count <= count; n += S.Count)
        {
            V value = S.Fma(S.Mul(Lanes.Load<V>(sums + n), row), S.Load(ref scales[n], 0), S.Load(ref bias[n], 0));
            S.Store(S.Min(S.Max(value, low), high), ref y[n], 0);
        }
        for (; n < count; n++)
        {
            float value = MathF.FusedMultiplyAdd(sums[n] * rowScale, scales[n], bias[n]);
            value = value > min ? value : min;
            y[n] = value < max ? value : max;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Requantize<S, V>(int* sums, int stride, int rows, int count, float* scales, int zeroPoint, int min, int max, sbyte* codes, nint codeStride) where S : ISimd<V> where V : struct
    {
        V zero = S.Broadcast(zeroPoint), low = S.Broadcast(min - zeroPoint), high = S.Broadcast(max - zeroPoint);
        for (int r = 0; r < rows; r++, sums += stride, codes += codeStride)
        {
            int i = 0;
            for (; i + S.Count <= count; i += S.Count)
            {
                V value = S.Mul(Lanes.Load<V>(sums + i), S.Load(ref scales[i], 0));
                Lanes.Store(S.Add(S.Round(S.Min(S.Max(value, low), high)), zero), codes + i);
            }
            for (; i < count; i++)
                codes[i] = (sbyte)(int)Quantization.Code(sums[i] * scales[i], zeroPoint, min, max);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<S, V>(int* sums, int count, float* scales, float* y) where S : ISimd<V> where V : struct
    {
        int n = 0;
        for (; n + S.Count <= count; n += S.Count)
            S.Store(S.Fma(Lanes.Load<V>(sums + n), S.Load(ref scales[n], 0), S.Load(ref y[n], 0)), ref y[n], 0);
        for (; n < count; n++)
            y[n] = MathF.FusedMultiplyAdd(sums[n], scales[n], y[n]);
    }
}
