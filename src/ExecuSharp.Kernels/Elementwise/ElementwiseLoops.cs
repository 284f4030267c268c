using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elementwise;

/// <summary>
/// Runs element functions over spans of equal length. The target may be one of the sources. What does not fill a vector is computed by the
/// same function one float at a time, so results do not depend on the width.
/// </summary>
public static class ElementwiseLoops
{
    /// <summary>target[i] = f(x[i]).</summary>
    public static void Unary<F>(SimdWidth width, F f, ReadOnlySpan<float> x, Span<float> target) where F : struct, IUnaryFunction
    {
        Check(x.Length, target);
        switch (width)
        {
            case SimdWidth.Bits512: Unary<F, Simd512, Vector512<float>>(f, x, target); break;
            case SimdWidth.Bits256: Unary<F, Simd256, Vector256<float>>(f, x, target); break;
            case SimdWidth.Bits128: Unary<F, Simd128, Vector128<float>>(f, x, target); break;
            default: Unary<F, SimdScalar, float>(f, x, target); break;
        }
    }

    /// <summary>target[i] = f(a[i], b[i]).</summary>
    public static void Binary<F>(SimdWidth width, F f, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target)
        where F : struct, IBinaryFunction
    {
        Check(a.Length, target);
        Check(b.Length, target);
        switch (width)
        {
            case SimdWidth.Bits512: Binary<F, Simd512, Vector512<float>>(f, a, b, target); break;
            case SimdWidth.Bits256: Binary<F, Simd256, Vector256<float>>(f, a, b, target); break;
            case SimdWidth.Bits128: Binary<F, Simd128, Vector128<float>>(f, a, b, target); break;
            default: Binary<F, SimdScalar, float>(f, a, b, target); break;
        }
    }

    /// <summary>target[i] = f(a[i], b[i], c[i]).</summary>
    public static void Ternary<F>(SimdWidth width, F f, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> target)
        where F : struct, ITernaryFunction
    {
        Check(a.Length, target);
        Check(b.Length, target);
        Check(c.Length, target);
        switch (width)
        {
            case SimdWidth.Bits512: Ternary<F, Simd512, Vector512<float>>(f, a, b, c, target); break;
            case SimdWidth.Bits256: Ternary<F, Simd256, Vector256<float>>(f, a, b, c, target); break;
            case SimdWidth.Bits128: Ternary<F, Simd128, Vector128<float>>(f, a, b, c, target); break;
            default: Ternary<F, SimdScalar, float>(f, a, b, c, target); break;
        }
    }

    /// <summary>target[i] = 1 where the mask f(a[i], b[i]) is set, else 0.</summary>
    public static void Compare<F>(SimdWidth width, F f, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<byte> target)
        where F : struct, IBinaryFunction
    {
        Span<float> mask = stackalloc float[256];
        for (int done = 0; done < target.Length; done += mask.Length)
        {
            int n = Math.Min(mask.Length, target.Length - done);
            Binary(width, f, a.Slice(done, n), b.Slice(done, n), mask[..n]);
            MaskToBytes(MemoryMarshal.Cast<float, uint>(mask[..n]), target.Slice(done, n));
        }
    }

    private static void MaskToBytes(ReadOnlySpan<uint> mask, Span<byte> target)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            for (; i + 32 <= mask.Length; i += 32)
            {
                var low = Vector256.Narrow(Vector256.Create(mask[i..]), Vector256.Create(mask[(i + 8)..]));
                var high = Vector256.Narrow(Vector256.Create(mask[(i + 16)..]), Vector256.Create(mask[(i + 24)..]));
                (Vector256.Narrow(low, high) & Vector256.Create((byte)1)).CopyTo(target[i..]);
            }
        }
        for (; i < mask.Length; i++)
            target[i] = (byte)(mask[i] & 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Unary<F, S, V>(F f, ReadOnlySpan<float> x, Span<float> target)
        where F : struct, IUnaryFunction where S : ISimd<V> where V : struct
    {
        ref float source = ref MemoryMarshal.GetReference(x);
        ref float result = ref MemoryMarshal.GetReference(target);
        nuint n = (nuint)target.Length, step = (nuint)S.Count, i = 0;
        for (; i + step <= n; i += step)
            S.Store(f.Invoke<S, V>(S.Load(ref source, i)), ref result, i);
        for (; i < n; i++)
            Unsafe.Add(ref result, i) = f.Invoke<SimdScalar, float>(Unsafe.Add(ref source, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Binary<F, S, V>(F f, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target)
        where F : struct, IBinaryFunction where S : ISimd<V> where V : struct
    {
        ref float left = ref MemoryMarshal.GetReference(a);
        ref float right = ref MemoryMarshal.GetReference(b);
        ref float result = ref MemoryMarshal.GetReference(target);
        nuint n = (nuint)target.Length, step = (nuint)S.Count, i = 0;
        for (; i + step <= n; i += step)
            S.Store(f.Invoke<S, V>(S.Load(ref left, i), S.Load(ref right, i)), ref result, i);
        for (; i < n; i++)
            Unsafe.Add(ref result, i) = f.Invoke<SimdScalar, float>(Unsafe.Add(ref left, i), Unsafe.Add(ref right, i));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Ternary<F, S, V>(F f, ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> c, Span<float> target)
        where F : struct, ITernaryFunction where S : ISimd<V> where V : struct
    {
        ref float first = ref MemoryMarshal.GetReference(a);
        ref float second = ref MemoryMarshal.GetReference(b);
        ref float third = ref MemoryMarshal.GetReference(c);
        ref float result = ref MemoryMarshal.GetReference(target);
        nuint n = (nuint)target.Length, step = (nuint)S.Count, i = 0;
        for (; i + step <= n; i += step)
            S.Store(f.Invoke<S, V>(S.Load(ref first, i), S.Load(ref second, i), S.Load(ref third, i)), ref result, i);
        for (; i < n; i++)
            Unsafe.Add(ref result, i) = f.Invoke<SimdScalar, float>(Unsafe.Add(ref first, i), Unsafe.Add(ref second, i), Unsafe.Add(ref third, i));
    }

    private static void Check(int length, Span<float> target)
    {
        if (length != target.Length)
            throw new ArgumentException($"{length} source elements for {target.Length} results");
    }
}
