using System.Buffers;
using System.Runtime.InteropServices;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Kernels.Convolution;

/// <summary>
/// The float32 convolution of planes, [batch, channels, height, width]: windows are laid out as columns and multiplied with the weights; one input
/// channel per group is computed directly.
/// </summary>
public static unsafe class Convolution2D
{
    private const int BlockElements = 1 << 17;

    /// <summary>Computes the convolution.</summary>
    /// <param name="context">Vector width and threads.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="input">[batch, in channels, in height, in width].</param>
    /// <param name="weight">[out channels, in channels / groups, kernel height, kernel width].</param>
    /// <param name="bias">[out channels], or empty.</param>
    /// <param name="output">[batch, out channels, out height, out width].</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public static void Run(KernelContext context, in ConvolutionShape shape, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> output)
    {
        if (input.Length != (long)shape.Batch * shape.InChannels * shape.InPlane || output.Length != (long)shape.Batch * shape.OutChannels * shape.OutPlane
            || weight.Length != (long)shape.OutChannels * shape.Window || (bias.Length != 0 && bias.Length != shape.OutChannels))
            throw new ArgumentException($"input {input.Length}, weight {weight.Length}, bias {bias.Length}, output {output.Length} for {shape}");
        if (output.Length == 0)
            return;
        Start(output, bias, shape);
        if (shape.InPerGroup == 1)
            Depthwise(context, shape, input, weight, output);
        else
            Columns(context, shape, input, weight, output);
    }

    private static void Start(Span<float> output, ReadOnlySpan<float> bias, in ConvolutionShape shape)
    {
        if (bias.IsEmpty)
        {
            output.Clear();
            return;
        }
        for (int i = 0; i < shape.Batch * shape.OutChannels; i++)
            output.Slice(i * shape.OutPlane, shape.OutPlane).Fill(bias[i % shape.OutChannels]);
    }

    private static void Depthwise(KernelContext context, in ConvolutionShape shape, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, Span<float> output)
    {
        fixed (float* from = &MemoryMarshal.GetReference(input), w = &MemoryMarshal.GetReference(weight), to = &MemoryMarshal.GetReference(output))
        {
            int planes = shape.Batch * shape.OutChannels;
            int parts = Math.Min(planes, context.Pool.Threads * 4);
            context.Pool.Run(parts, new PlaneParts(context.Width, shape, planes, parts, from, w, to));
        }
    }

    private static void DepthwisePlane(SimdWidth width, in ConvolutionShape shape, int plane, float* input, float* weight, float* output)
    {
        int image = plane / shape.OutChannels, channel = plane % shape.OutChannels;
        float* from = input + (((nint)image * shape.InChannels) + (channel / shape.OutPerGroup)) * shape.InPlane;
        float* w = weight + ((nint)channel * shape.Window);
        float* to = output + ((nint)plane * shape.OutPlane);
        for (int y = 0; y < shape.OutHeight; y++, to += shape.OutWidth)
            for (int ky = 0; ky < shape.KernelHeight; ky++)
            {
                int row = (y * shape.StrideY) + (ky * shape.DilationY) - shape.PadTop;
                if ((uint)row >= (uint)shape.InHeight)
                    continue;
                for (int kx = 0; kx < shape.KernelWidth; kx++)
                {
                    var (first, end) = shape.Columns(kx);
                    float* x = from + ((nint)row * shape.InWidth) + (first * shape.StrideX) + (kx * shape.DilationX) - shape.PadLeft;
                    RowUpdate.Run(width, w[(ky * shape.KernelWidth) + kx], x, shape.StrideX, to + first, end - first);
                }
            }
    }

    private static void Columns(KernelContext context, in ConvolutionShape shape, ReadOnlySpan<float> input, ReadOnlySpan<float> weight, Span<float> output)
    {
        int block = Math.Clamp(BlockElements / shape.Window / 32 * 32, 64, Math.Max(64, shape.OutPlane));
        int blocks = (shape.OutPlane + block - 1) / block;
        int work = shape.Batch * shape.Groups * blocks;
        fixed (float* from = &MemoryMarshal.GetReference(input), w = &MemoryMarshal.GetReference(weight), to = &MemoryMarshal.GetReference(output))
        {
            context.Pool.Run(work, new BlockParts(context, shape, blocks, block, from, w, to));
        }
    }

    private static void Block(KernelContext context, in ConvolutionShape shape, int imageGroup, int start, int block, float* input, float* weight, float* output)
    {
        int image = imageGroup / shape.Groups, group = imageGroup % shape.Groups;
        int count = Math.Min(block, shape.OutPlane - start);
        float* from = input + (((nint)image * shape.InChannels) + (group * shape.InPerGroup)) * shape.InPlane;
        float* to = output + ((((nint)image * shape.OutChannels) + (group * shape.OutPerGroup)) * shape.OutPlane) + start;
        var a = new ReadOnlySpan<float>(weight + ((nint)group * shape.OutPerGroup * shape.Window), shape.OutPerGroup * shape.Window);
        var c = new Span<float>(to, ((shape.OutPerGroup - 1) * shape.OutPlane) + count);
        var epilogue = new GemmEpilogue(accumulate: true);
        bool pointwise = shape is { KernelHeight: 1, KernelWidth: 1, StrideX: 1, StrideY: 1, PadTop: 0, PadLeft: 0 } && shape.OutPlane == shape.InPlane;
        if (pointwise)
        {
            var b = new ReadOnlySpan<float>(from + start, ((shape.InPerGroup - 1) * shape.InPlane) + count);
            Gemm.Run(context, shape.OutPerGroup, count, shape.Window, a, shape.Window, b, shape.InPlane, false, c, shape.OutPlane, epilogue);
            return;
        }
        float[] rented = ArrayPool<float>.Shared.Rent(shape.Window * count);
        fixed (float* columns = rented)
            ImageToColumns.Fill(shape, from, start, count, columns);
        Gemm.Run(context, shape.OutPerGroup, count, shape.Window, a, shape.Window, rented, count, false, c, shape.OutPlane, epilogue);
        ArrayPool<float>.Shared.Return(rented);
    }

    private readonly struct PlaneParts(SimdWidth width, ConvolutionShape shape, int planes, int parts, float* input, float* weight, float* output) : IParallelJob
    {
        public void Run(int part)
        {
            for (int plane = (int)((long)planes * part / parts); plane < (int)((long)planes * (part + 1) / parts); plane++)
                DepthwisePlane(width, shape, plane, input, weight, output);
        }
    }

    private readonly struct BlockParts(KernelContext context, ConvolutionShape shape, int blocks, int block, float* input, float* weight, float* output) : IParallelJob
    {
        public void Run(int part) => Block(context, shape, part / blocks, part % blocks * block, block, input, weight, output);
    }
}
