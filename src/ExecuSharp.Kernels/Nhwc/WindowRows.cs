using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Layout;

namespace ExecuSharp.Kernels.Nhwc;

/// <summary>Gathers the windows of output pixels as rows of a matrix, for convolutions as matrix products.</summary>
public static unsafe class WindowRows
{
    /// <summary>Writes rows of kernel height * kernel width * <paramref name="channels"/> elements.</summary>
    /// <param name="g">Sizes.</param>
    /// <param name="input">The images.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    /// <param name="channelOffset">First channel of the group.</param>
    /// <param name="channels">Channels of the group.</param>
    /// <param name="fill">Byte that padding is filled with.</param>
    /// <param name="pixel">First output pixel.</param>
    /// <param name="count">Output pixels.</param>
    /// <param name="target">Rows.</param>
    /// <param name="rowBytes">Bytes from row to row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(in ConvolutionGeometry g, byte* input, int elementSize, int channelOffset, int channels, byte fill, int pixel, int count, byte* target, nint rowBytes)
    {
        int x = pixel % g.OutputWidth, y = pixel / g.OutputWidth % g.OutputHeight, n = pixel / g.OutputWidth / g.OutputHeight;
        nint pixelBytes = (nint)g.Channels * elementSize, image = pixelBytes * g.Width * g.Height;
        int tapBytes = channels * elementSize;
        byte* source = input + (n * image) + (channelOffset * elementSize);
        for (int i = 0; i < count; i++)
        {
            Row(g, source, pixelBytes, tapBytes, fill, y, x, target);
            target += rowBytes;
            if (++x < g.OutputWidth)
                continue;
            x = 0;
            if (++y < g.OutputHeight)
                continue;
            y = 0;
            source += image;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(in ConvolutionGeometry g, byte* source, nint pixelBytes, int tapBytes, byte fill, int y, int x, byte* target)
    {
        int top = (y * g.StrideHeight) - g.PaddingTop, left = (x * g.StrideWidth) - g.PaddingLeft;
        var (first, end) = ConvolutionGeometry.Inside(left, g.DilationWidth, g.KernelWidth, g.Width);
        int rowBytes = g.KernelWidth * tapBytes;
        for (int ky = 0; ky < g.KernelHeight; ky++, target += rowBytes)
        {
            int iy = top + (ky * g.DilationHeight);
            if ((uint)iy >= (uint)g.Height || end <= first)
            {
                Unsafe.InitBlockUnaligned(target, fill, (uint)rowBytes);
                continue;
            }
            byte* line = source + ((((nint)iy * g.Width) + left + (first * g.DilationWidth)) * pixelBytes);
            if (first > 0)
                Unsafe.InitBlockUnaligned(target, fill, (uint)(first * tapBytes));
            if (end < g.KernelWidth)
                Unsafe.InitBlockUnaligned(target + (end * tapBytes), fill, (uint)((g.KernelWidth - end) * tapBytes));
            byte* to = target + (first * tapBytes);
            if (g.DilationWidth == 1 && tapBytes == pixelBytes)
                Rows.Copy(line, to, (end - first) * tapBytes);
            else
                for (int kx = first; kx < end; kx++, to += tapBytes, line += g.DilationWidth * pixelBytes)
                    Rows.Copy(line, to, tapBytes);
        }
    }
}
