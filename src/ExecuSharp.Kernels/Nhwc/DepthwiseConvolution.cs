using System.Runtime.Intrinsics;
using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Nhwc;

/// <summary>Convolution of each channel with a filter of its own.</summary>
public static unsafe class DepthwiseConvolution
{
    /// <summary>Computes one row of output pixels.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="source">How the input is read.</param>
    /// <param name="target">How results are written.</param>
    /// <param name="g">Sizes; input and output have the same channels.</param>
    /// <param name="input">The images.</param>
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
        int n = row / g.OutputHeight, y = row % g.OutputHeight;
        nint channels = g.Channels;
        byte* image = input + ((nint)n * g.Height * g.Width * channels * TSource.Size);
        byte* line = output + ((nint)row * g.OutputWidth * channels * TTarget.Size);
        int top = (y * g.StrideHeight) - g.PaddingTop;
        var taps = ConvolutionGeometry.Inside(top, g.DilationHeight, g.KernelHeight, g.Height);
        nint c = 0;
        for (; c + S.Count <= channels; c += S.Count)
            Channels<S, V, TSource, TTarget>(source, target, g, image, filter, bias, line, top, taps, c);
        for (; c < channels; c++)
            Channels<SimdScalar, float, TSource, TTarget>(source, target, g, image, filter, bias, line, top, taps, c);
    }

    private static void Channels<S, V, TSource, TTarget>(TSource source, TTarget target, in ConvolutionGeometry g, byte* image, float* filter, float* bias, byte* line, int top, (int First, int End) taps, nint c)
        where S : ISimd<V>
        where V : struct
        where TSource : struct, ILaneSource
        where TTarget : struct, ILaneTarget
    {
        nint channels = g.Channels, pixel = channels * TSource.Size, step = channels * TTarget.Size;
        // Pixels whose window lies inside the row go four at a time.
        int inside = g.PaddingLeft == 0 ? 0 : (g.PaddingLeft + g.StrideWidth - 1) / g.StrideWidth;
        int last = g.Width - 1 - ((g.KernelWidth - 1) * g.DilationWidth) + g.PaddingLeft;
        int insideEnd = last < 0 ? 0 : Math.Min(g.OutputWidth, (last / g.StrideWidth) + 1);
        V start = S.Load(ref bias[c], 0);
        int x = 0;
        while (x < g.OutputWidth)
        {
            int left = (x * g.StrideWidth) - g.PaddingLeft;
            byte* to = line + (x * step) + (c * TTarget.Size);
            if (x >= inside && x + 4 <= insideEnd)
            {
                V s0 = start, s1 = start, s2 = start, s3 = start;
                nint next = g.StrideWidth * pixel;
                for (int ky = taps.First; ky < taps.End; ky++)
                {
                    byte* from = image + ((((nint)(top + (ky * g.DilationHeight)) * g.Width) + left) * pixel) + (c * TSource.Size);
                    float* w = filter + ((nint)ky * g.KernelWidth * channels) + c;
                    for (int kx = 0; kx < g.KernelWidth; kx++, from += g.DilationWidth * pixel, w += channels)
                    {
                        V tap = S.Load(ref *w, 0);
                        s0 = S.Fma(source.Load<S, V>(from), tap, s0);
                        s1 = S.Fma(source.Load<S, V>(from + next), tap, s1);
                        s2 = S.Fma(source.Load<S, V>(from + (2 * next)), tap, s2);
                        s3 = S.Fma(source.Load<S, V>(from + (3 * next)), tap, s3);
                    }
                }
                target.Store<S, V>(s0, to, c);
                target.Store<S, V>(s1, to + step, c);
                target.Store<S, V>(s2, to + (2 * step), c);
                target.Store<S, V>(s3, to + (3 * step), c);
                x += 4;
                continue;
            }
            var (first, end) = ConvolutionGeometry.Inside(left, g.DilationWidth, g.KernelWidth, g.Width);
            V sum = start;
            for (int ky = taps.First; ky < taps.End; ky++)
            {
                byte* from = image + ((((nint)(top + (ky * g.DilationHeight)) * g.Width) + left) * pixel) + (c * TSource.Size);
                float* w = filter + ((nint)ky * g.KernelWidth * channels) + c;
                for (int kx = first; kx < end; kx++)
                    sum = S.Fma(source.Load<S, V>(from + (kx * g.DilationWidth * pixel)), S.Load(ref w[kx * channels], 0), sum);
            }
            target.Store<S, V>(sum, to, c);
            x++;
        }
    }
}
