using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Nhwc;

/// <summary>Convolution of each channel with a filter of its own. Input rows are padded on both sides beforehand.</summary>
public static unsafe class DepthwiseConvolution
{
    /// <summary>Pixels of a padded row: every window lies inside it.</summary>
    public static int PaddedWidth(in ConvolutionGeometry g) =>
        Math.Max(g.PaddingLeft + g.Width, ((g.OutputWidth - 1) * g.StrideWidth) + ((g.KernelWidth - 1) * g.DilationWidth) + 1);

    /// <summary>Copies a row of the input between <paramref name="fill"/>.</summary>
    public static void Pad(in ConvolutionGeometry g, int elementSize, byte fill, byte* row, byte* target)
    {
        int pixel = g.Channels * elementSize, left = g.PaddingLeft * pixel, bytes = g.Width * pixel;
        Unsafe.InitBlockUnaligned(target, fill, (uint)left);
        Buffer.MemoryCopy(row, target + left, bytes, bytes);
        Unsafe.InitBlockUnaligned(target + left + bytes, fill, (uint)((PaddedWidth(g) * pixel) - left - bytes));
    }

    /// <summary>Computes one row of output pixels.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="source">How the input is read.</param>
    /// <param name="target">How results are written.</param>
    /// <param name="g">Sizes; input and output have the same channels.</param>
    /// <param name="input">Padded rows of all images, <see cref="PaddedWidth"/> pixels each.</param>
    /// <param name="filter">[kernel height, kernel width, channels].</param>
    /// <param name="bias">A number for each channel.</param>
    /// <param name="output">The images of the output.</param>
    /// <param name="row">Row of output pixels, counted through all images.</param>
    public static void Row<TSource, TTarget>(SimdWidth width, TSource source, TTarget target, in ConvolutionGeometry g, byte* input, float* filter, float* bias, byte* output, int row)
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        switch (width)
        {
            case SimdWidth.Bits512: Row<Simd512, Vector512<float>, TSource, TTarget>(source, target, g, input, filter, bias, output, row); break;
            case SimdWidth.Bits256: Row<Simd256, Vector256<float>, TSource, TTarget>(source, target, g, input, filter, bias, output, row); break;
            case SimdWidth.Bits128: Row<Simd128, Vector128<float>, TSource, TTarget>(source, target, g, input, filter, bias, output, row); break;
            default: Row<SimdScalar, float, TSource, TTarget>(source, target, g, input, filter, bias, output, row); break;
        }
    }

    private static void Row<S, V, TSource, TTarget>(TSource source, TTarget target, in ConvolutionGeometry g, byte* input, float* filter, float* bias, byte* output, int row)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        int n = row / g.OutputHeight, y = row % g.OutputHeight, padded = PaddedWidth(g);
        nint channels = g.Channels, pixel = channels * TSource.Size, step = channels * TTarget.Size;
        int top = (y * g.StrideHeight) - g.PaddingTop;
        var (first, end) = ConvolutionGeometry.Inside(top, g.DilationHeight, g.KernelHeight, g.Height);
        var window = new Window
        {
            Rows = end - first,
            Columns = g.KernelWidth,
            Channels = channels,
            Tap = g.DilationWidth * pixel,
            Line = (nint)g.DilationHeight * padded * pixel,
            Pixel = g.StrideWidth * pixel,
            Target = step,
        };
        byte* from = input + ((((nint)n * g.Height) + top + (first * g.DilationHeight)) * padded * pixel);
        byte* to = output + ((nint)row * g.OutputWidth * step);
        filter += (nint)first * g.KernelWidth * channels;
        int x = 0;
        for (; x + 4 <= g.OutputWidth; x += 4)
            Pixels<S, V, TSource, TTarget>(true, source, target, window, from + (x * window.Pixel), filter, bias, to + (x * step));
        for (; x < g.OutputWidth; x++)
            Pixels<S, V, TSource, TTarget>(false, source, target, window, from + (x * window.Pixel), filter, bias, to + (x * step));
    }

    /// <summary>Sizes of a window in memory: distances in bytes, and in channels for the filter.</summary>
    private struct Window
    {
        public int Rows;
        public int Columns;
        public nint Channels;
        public nint Tap;
        public nint Line;
        public nint Pixel;
        public nint Target;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixels<S, V, TSource, TTarget>(bool four, TSource source, TTarget target, in Window w, byte* from, float* filter, float* bias, byte* to)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        nint c = 0;
        if (four)
            for (; c + (2 * S.Count) <= w.Channels; c += 2 * S.Count)
                Four2<S, V, TSource, TTarget>(source, target, w, from + (c * TSource.Size), filter, bias, to + (c * TTarget.Size), c);
        for (; c + S.Count <= w.Channels; c += S.Count)
            if (four)
                Four<S, V, TSource, TTarget>(source, target, w, from + (c * TSource.Size), filter, bias, to + (c * TTarget.Size), c);
            else
                One<S, V, TSource, TTarget>(source, target, w, from + (c * TSource.Size), filter, bias, to + (c * TTarget.Size), c);
        for (; c < w.Channels; c++)
            if (four)
                Four<SimdScalar, float, TSource, TTarget>(source, target, w, from + (c * TSource.Size), filter, bias, to + (c * TTarget.Size), c);
            else
                One<SimdScalar, float, TSource, TTarget>(source, target, w, from + (c * TSource.Size), filter, bias, to + (c * TTarget.Size), c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four2<S, V, TSource, TTarget>(TSource source, TTarget target, in Window w, byte* from, float* filter, float* bias, byte* to, nint c)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        nint next = S.Count * TSource.Size, pixel = w.Pixel, tap = w.Tap, channels = w.Channels;
        V a0 = S.Load(ref bias[c], 0), b0 = S.Load(ref bias[c + S.Count], 0);
        V a1 = a0, a2 = a0, a3 = a0, b1 = b0, b2 = b0, b3 = b0;
        float* weight = filter + c;
        for (int ky = 0; ky < w.Rows; ky++, from += w.Line)
        {
            byte* at = from;
            for (int kx = 0; kx < w.Columns; kx++, at += tap, weight += channels)
            {
                V wa = S.Load(ref *weight, 0), wb = S.Load(ref weight[S.Count], 0);
                a0 = S.Fma(source.Load<S, V>(at), wa, a0);
                b0 = S.Fma(source.Load<S, V>(at + next), wb, b0);
                a1 = S.Fma(source.Load<S, V>(at + pixel), wa, a1);
                b1 = S.Fma(source.Load<S, V>(at + pixel + next), wb, b1);
                byte* far = at + (2 * pixel);
                a2 = S.Fma(source.Load<S, V>(far), wa, a2);
                b2 = S.Fma(source.Load<S, V>(far + next), wb, b2);
                a3 = S.Fma(source.Load<S, V>(far + pixel), wa, a3);
                b3 = S.Fma(source.Load<S, V>(far + pixel + next), wb, b3);
            }
        }
        nint second = S.Count * TTarget.Size;
        target.Store<S, V>(a0, to, c);
        target.Store<S, V>(b0, to + second, c + S.Count);
        target.Store<S, V>(a1, to + w.Target, c);
        target.Store<S, V>(b1, to + w.Target + second, c + S.Count);
        target.Store<S, V>(a2, to + (2 * w.Target), c);
        target.Store<S, V>(b2, to + (2 * w.Target) + second, c + S.Count);
        target.Store<S, V>(a3, to + (3 * w.Target), c);
        target.Store<S, V>(b3, to + (3 * w.Target) + second, c + S.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<S, V, TSource, TTarget>(TSource source, TTarget target, in Window w, byte* from, float* filter, float* bias, byte* to, nint c)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        V s0 = S.Load(ref bias[c], 0), s1 = s0, s2 = s0, s3 = s0;
        float* weight = filter + c;
        for (int ky = 0; ky < w.Rows; ky++, from += w.Line)
        {
            byte* at = from;
            for (int kx = 0; kx < w.Columns; kx++, at += w.Tap, weight += w.Channels)
            {
                V tap = S.Load(ref *weight, 0);
                s0 = S.Fma(source.Load<S, V>(at), tap, s0);
                s1 = S.Fma(source.Load<S, V>(at + w.Pixel), tap, s1);
                s2 = S.Fma(source.Load<S, V>(at + (2 * w.Pixel)), tap, s2);
                s3 = S.Fma(source.Load<S, V>(at + (3 * w.Pixel)), tap, s3);
            }
        }
        target.Store<S, V>(s0, to, c);
        target.Store<S, V>(s1, to + w.Target, c);
        target.Store<S, V>(s2, to + (2 * w.Target), c);
        target.Store<S, V>(s3, to + (3 * w.Target), c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<S, V, TSource, TTarget>(TSource source, TTarget target, in Window w, byte* from, float* filter, float* bias, byte* to, nint c)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        V sum = S.Load(ref bias[c], 0);
        float* weight = filter + c;
        for (int ky = 0; ky < w.Rows; ky++, from += w.Line)
        {
            byte* at = from;
            for (int kx = 0; kx < w.Columns; kx++, at += w.Tap, weight += w.Channels)
                sum = S.Fma(source.Load<S, V>(at), S.Load(ref *weight, 0), sum);
        }
        target.Store<S, V>(sum, to, c);
    }
}
