using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Nhwc;

/// <summary>Maximum and average of windows, channel by channel.</summary>
public static unsafe class Pooling
{
    /// <summary>Computes one row of output pixels. Places outside the image are moved into it for a maximum and not counted for an average.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="average">Average instead of maximum.</param>
    /// <param name="source">How the input is read.</param>
    /// <param name="target">How results are written.</param>
    /// <param name="g">Sizes.</param>
    /// <param name="input">The images.</param>
    /// <param name="output">The images of the output.</param>
    /// <param name="row">Row of output pixels, counted through all images.</param>
    public static void Row<TSource, TTarget>(SimdWidth width, bool average, TSource source, TTarget target, in ConvolutionGeometry g, byte* input, byte* output, int row)
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        switch (width)
        {
            case SimdWidth.Bits512: Row<Simd512, Vector512<float>, TSource, TTarget>(average, source, target, g, input, output, row); break;
            case SimdWidth.Bits256: Row<Simd256, Vector256<float>, TSource, TTarget>(average, source, target, g, input, output, row); break;
            case SimdWidth.Bits128: Row<Simd128, Vector128<float>, TSource, TTarget>(average, source, target, g, input, output, row); break;
            default: Row<SimdScalar, float, TSource, TTarget>(average, source, target, g, input, output, row); break;
        }
    }

    /// <summary>Mean over all pixels of an image for a range of channels.</summary>
    public static void Global<TSource, TTarget>(SimdWidth width, TSource source, TTarget target, byte* image, int pixels, int channels, byte* output)
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        switch (width)
        {
            case SimdWidth.Bits512: Global<Simd512, Vector512<float>, TSource, TTarget>(source, target, image, pixels, channels, output); break;
            case SimdWidth.Bits256: Global<Simd256, Vector256<float>, TSource, TTarget>(source, target, image, pixels, channels, output); break;
            case SimdWidth.Bits128: Global<Simd128, Vector128<float>, TSource, TTarget>(source, target, image, pixels, channels, output); break;
            default: Global<SimdScalar, float, TSource, TTarget>(source, target, image, pixels, channels, output); break;
        }
    }

    /// <summary>
    /// Maximum of windows without overlap and its place in the window: column * window height + row; the lowest place on equal values.
    /// </summary>
    public static void ArgMaxRow(in ConvolutionGeometry g, float* input, float* values, int* places, int row)
    {
        int n = row / g.OutputHeight, y = row % g.OutputHeight, channels = g.Channels;
        float* image = input + ((nint)n * g.Height * g.Width * channels);
        nint to = (nint)row * g.OutputWidth * channels;
        for (int x = 0; x < g.OutputWidth; x++)
            for (int c = 0; c < channels; c++, to++)
            {
                float best = 0;
                int place = -1;
                for (int kx = 0; kx < g.KernelWidth; kx++)
                    for (int ky = 0; ky < g.KernelHeight; ky++)
                    {
                        int iy = Math.Clamp((y * g.StrideHeight) - g.PaddingTop + ky, 0, g.Height - 1);
                        int ix = Math.Clamp((x * g.StrideWidth) - g.PaddingLeft + kx, 0, g.Width - 1);
                        float value = image[((((nint)iy * g.Width) + ix) * channels) + c];
                        if (place < 0 || value > best)
                            (best, place) = (value, (kx * g.KernelHeight) + ky);
                    }
                values[to] = best;
                places[to] = place;
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<S, V, TSource, TTarget>(bool average, TSource source, TTarget target, in ConvolutionGeometry g, byte* input, byte* output, int row)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        int n = row / g.OutputHeight, y = row % g.OutputHeight;
        nint channels = g.Channels, pixel = channels * TSource.Size, step = channels * TTarget.Size;
        byte* image = input + ((nint)n * g.Height * g.Width * pixel);
        byte* line = output + ((nint)row * g.OutputWidth * step);
        int top = (y * g.StrideHeight) - g.PaddingTop;
        for (int x = 0; x < g.OutputWidth; x++, line += step)
        {
            int left = (x * g.StrideWidth) - g.PaddingLeft;
            nint c = 0;
            for (; c + S.Count <= channels; c += S.Count)
                target.Store<S, V>(Window<S, V, TSource>(average, source, g, image + (c * TSource.Size), pixel, top, left), line + (c * TTarget.Size), c);
            for (; c < channels; c++)
                target.Store<SimdScalar, float>(Window<SimdScalar, float, TSource>(average, source, g, image + (c * TSource.Size), pixel, top, left), line + (c * TTarget.Size), c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Window<S, V, TSource>(bool average, TSource source, in ConvolutionGeometry g, byte* image, nint pixel, int top, int left)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
    {
        var (yFirst, yEnd) = ConvolutionGeometry.Inside(top, g.DilationHeight, g.KernelHeight, g.Height);
        var (xFirst, xEnd) = ConvolutionGeometry.Inside(left, g.DilationWidth, g.KernelWidth, g.Width);
        if (yEnd <= yFirst || xEnd <= xFirst)
            return average ? S.Broadcast(0) : Outside<S, V, TSource>(source, g, image, pixel, top, left);
        V result = S.Broadcast(average ? 0 : float.NegativeInfinity);
        for (int ky = yFirst; ky < yEnd; ky++)
        {
            byte* from = image + ((((nint)(top + (ky * g.DilationHeight)) * g.Width) + left + (xFirst * g.DilationWidth)) * pixel);
            for (int kx = xFirst; kx < xEnd; kx++, from += g.DilationWidth * pixel)
            {
                V value = source.Load<S, V>(from);
                result = average ? S.Add(result, value) : S.Max(value, result);
            }
        }
        return average ? S.Mul(result, S.Broadcast(1f / ((yEnd - yFirst) * (xEnd - xFirst)))) : result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Outside<S, V, TSource>(TSource source, in ConvolutionGeometry g, byte* image, nint pixel, int top, int left)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
    {
        V result = S.Broadcast(float.NegativeInfinity);
        for (int ky = 0; ky < g.KernelHeight; ky++)
            for (int kx = 0; kx < g.KernelWidth; kx++)
            {
                int y = Math.Clamp(top + (ky * g.DilationHeight), 0, g.Height - 1), x = Math.Clamp(left + (kx * g.DilationWidth), 0, g.Width - 1);
                result = S.Max(source.Load<S, V>(image + ((((nint)y * g.Width) + x) * pixel)), result);
            }
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Global<S, V, TSource, TTarget>(TSource source, TTarget target, byte* image, int pixels, int channels, byte* output)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        nint c = 0;
        for (; c + S.Count <= channels; c += S.Count)
            target.Store<S, V>(Mean<S, V, TSource>(source, image + (c * TSource.Size), pixels, channels * TSource.Size), output + (c * TTarget.Size), c);
        for (; c < channels; c++)
            target.Store<SimdScalar, float>(Mean<SimdScalar, float, TSource>(source, image + (c * TSource.Size), pixels, channels * TSource.Size), output + (c * TTarget.Size), c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Mean<S, V, TSource>(TSource source, byte* from, int pixels, nint pixel)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
    {
        V sum = S.Broadcast(0), other = sum;
        int i = 0;
        for (; i + 2 <= pixels; i += 2, from += 2 * pixel)
        {
            sum = S.Add(sum, source.Load<S, V>(from));
            other = S.Add(other, source.Load<S, V>(from + pixel));
        }
        if (i < pixels)
            sum = S.Add(sum, source.Load<S, V>(from));
        return S.Mul(S.Add(sum, other), S.Broadcast(1f / pixels));
    }
}
