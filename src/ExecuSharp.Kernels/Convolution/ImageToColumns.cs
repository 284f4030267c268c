namespace ExecuSharp.Kernels.Convolution;

/// <summary>Lays windows out as the columns of a matrix.</summary>
internal static unsafe class ImageToColumns
{
    /// <summary>columns[window element, output] for the outputs [start, start + count) of a plane; zero outside the input.</summary>
    public static void Fill(in ConvolutionShape shape, float* input, int start, int count, float* columns)
    {
        for (int channel = 0; channel < shape.InPerGroup; channel++, input += shape.InPlane)
            for (int ky = 0; ky < shape.KernelHeight; ky++)
                for (int kx = 0; kx < shape.KernelWidth; kx++, columns += count)
                    Row(shape, input, ky, kx, start, count, columns);
    }

    private static void Row(in ConvolutionShape shape, float* input, int ky, int kx, int start, int count, float* target)
    {
        var (first, end) = shape.Columns(kx);
        int offset = (kx * shape.DilationX) - shape.PadLeft;
        int y = start / shape.OutWidth, x = start % shape.OutWidth;
        while (count > 0)
        {
            int run = Math.Min(count, shape.OutWidth - x);
            int row = (y * shape.StrideY) + (ky * shape.DilationY) - shape.PadTop;
            var line = new Span<float>(target, run);
            if ((uint)row >= (uint)shape.InHeight)
            {
                line.Clear();
            }
            else
            {
                int from = Math.Clamp(first - x, 0, run), to = Math.Clamp(end - x, from, run);
                line[..from].Clear();
                line[to..].Clear();
                Copy(input + ((nint)row * shape.InWidth) + ((x + from) * shape.StrideX) + offset, shape.StrideX, target + from, to - from);
            }
            target += run;
            count -= run;
            x = 0;
            y++;
        }
    }

    private static void Copy(float* source, int stride, float* target, int count)
    {
        if (stride == 1)
        {
            new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(target, count));
            return;
        }
        for (int i = 0; i < count; i++)
            target[i] = source[(nint)i * stride];
    }
}
