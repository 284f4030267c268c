using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Nhwc;

/// <summary>Bilinear resize of channels-last images.</summary>
public static unsafe class BilinearResize
{
    /// <summary>Where an output coordinate lies in the input: the two neighbours and the weight of the second.</summary>
    /// <param name="index">Output coordinate.</param>
    /// <param name="input">Input size.</param>
    /// <param name="output">Output size.</param>
    /// <param name="mode">How coordinates correspond.</param>
    public static (int First, int Second, float Weight) Source(int index, int input, int output, ResizeMode mode)
    {
        float position;
        if (mode == ResizeMode.AlignCorners)
            position = output > 1 ? index * ((float)(input - 1) / (output - 1)) : 0;
        else
        {
            float scale = (float)input / output;
            position = mode == ResizeMode.Legacy ? index * scale : ((index + 0.5f) * scale) - 0.5f;
        }
        position = Math.Clamp(position, 0, input - 1);
        int first = (int)position;
        return (first, Math.Min(first + 1, input - 1), position - first);
    }

    /// <summary>Computes one row of output pixels.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="mode">How coordinates correspond.</param>
    /// <param name="source">How the input is read.</param>
    /// <param name="target">How results are written.</param>
    /// <param name="g">Sizes; the window is not used.</param>
    /// <param name="input">The images.</param>
    /// <param name="output">The images of the output.</param>
    /// <param name="row">Row of output pixels, counted through all images.</param>
    public static void Row<TSource, TTarget>(SimdWidth width, ResizeMode mode, TSource source, TTarget target, in ConvolutionGeometry g, byte* input, byte* output, int row)
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        switch (width)
        {
            case SimdWidth.Bits512: Row<Simd512, Vector512<float>, TSource, TTarget>(mode, source, target, g, input, output, row); break;
            case SimdWidth.Bits256: Row<Simd256, Vector256<float>, TSource, TTarget>(mode, source, target, g, input, output, row); break;
            case SimdWidth.Bits128: Row<Simd128, Vector128<float>, TSource, TTarget>(mode, source, target, g, input, output, row); break;
            default: Row<SimdScalar, float, TSource, TTarget>(mode, source, target, g, input, output, row); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<S, V, TSource, TTarget>(ResizeMode mode, TSource source, TTarget target, in ConvolutionGeometry g, byte* input, byte* output, int row)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        int n = row / g.OutputHeight;
        nint channels = g.Channels, pixel = channels * TSource.Size, step = channels * TTarget.Size;
        byte* image = input + ((nint)n * g.Height * g.Width * pixel);
        byte* line = output + ((nint)row * g.OutputWidth * step);
        var (y0, y1, down) = Source(row % g.OutputHeight, g.Height, g.OutputHeight, mode);
        byte* upper = image + ((nint)y0 * g.Width * pixel), lower = image + ((nint)y1 * g.Width * pixel);
        for (int x = 0; x < g.OutputWidth; x++, line += step)
        {
            var (x0, x1, right) = Source(x, g.Width, g.OutputWidth, mode);
            byte* a = upper + (x0 * pixel), b = upper + (x1 * pixel), c = lower + (x0 * pixel), d = lower + (x1 * pixel);
            nint i = 0;
            for (; i + S.Count <= channels; i += S.Count)
                target.Store<S, V>(Mix<S, V, TSource>(source, a, b, c, d, i * TSource.Size, right, down), line + (i * TTarget.Size), i);
            for (; i < channels; i++)
                target.Store<SimdScalar, float>(Mix<SimdScalar, float, TSource>(source, a, b, c, d, i * TSource.Size, right, down), line + (i * TTarget.Size), i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Mix<S, V, TSource>(TSource source, byte* a, byte* b, byte* c, byte* d, nint at, float right, float down)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
    {
        V topLeft = source.Load<S, V>(a + at), bottomLeft = source.Load<S, V>(c + at), across = S.Broadcast(right);
        V top = S.Fma(S.Sub(source.Load<S, V>(b + at), topLeft), across, topLeft);
        V bottom = S.Fma(S.Sub(source.Load<S, V>(d + at), bottomLeft), across, bottomLeft);
        return S.Fma(S.Sub(bottom, top), S.Broadcast(down), top);
    }
}
