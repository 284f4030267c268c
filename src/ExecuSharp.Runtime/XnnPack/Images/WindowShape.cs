using ExecuSharp.Core;
using ExecuSharp.Kernels.Nhwc;
using ExecuSharp.Runtime.XnnPack.Linear;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Sizes of convolutions and pooling of [N, H, W, C].</summary>
internal sealed class WindowShape : ProductShape
{
    public required (int Top, int Right, int Bottom, int Left) Padding { get; init; }

    public required (int Height, int Width) Kernel { get; init; }

    public required (int Height, int Width) Stride { get; init; }

    public required (int Height, int Width) Dilation { get; init; }

    /// <summary>Rows and columns added to the output of a transposed convolution.</summary>
    public (int Height, int Width) Adjustment { get; init; }

    /// <summary>Padding as in TensorFlow's SAME: the odd pixel goes to the bottom and right.</summary>
    public bool Same { get; init; }

    public bool Transposed { get; init; }

    /// <summary>Channels that the input must have; 0 for any.</summary>
    public int InputChannels { get; init; }

    /// <summary>Channels of the output; 0 for those of the input.</summary>
    public int OutputChannels { get; init; }

    public override ConvolutionGeometry Infer(XnnTensor input, XnnTensor output)
    {
        if (input.Rank != 4 || (InputChannels != 0 && input.Sizes[3] != InputChannels))
            throw new ExecuTorchException(ErrorCode.Internal, $"[N, H, W, {(InputChannels == 0 ? "C" : InputChannels)}] is needed, the input has sizes {Tensor.Format(input.Shape)}");
        var (height, top) = Axis(input.Sizes[1], Kernel.Height, Stride.Height, Dilation.Height, Padding.Top, Padding.Bottom, Adjustment.Height);
        var (width, left) = Axis(input.Sizes[2], Kernel.Width, Stride.Width, Dilation.Width, Padding.Left, Padding.Right, Adjustment.Width);
        output.SetShape([input.Sizes[0], height, width, OutputChannels == 0 ? input.Sizes[3] : OutputChannels]);
        return new ConvolutionGeometry
        {
            Batch = input.Sizes[0],
            Height = input.Sizes[1],
            Width = input.Sizes[2],
            Channels = input.Sizes[3],
            OutputHeight = height,
            OutputWidth = width,
            KernelHeight = Kernel.Height,
            KernelWidth = Kernel.Width,
            StrideHeight = Stride.Height,
            StrideWidth = Stride.Width,
            DilationHeight = Dilation.Height,
            DilationWidth = Dilation.Width,
            PaddingTop = top,
            PaddingLeft = left,
        };
    }

    private (int Size, int Before) Axis(int input, int kernel, int stride, int dilation, int before, int after, int adjustment)
    {
        long extent = ((kernel - 1L) * dilation) + 1;
        long size;
        if (Transposed)
            size = (stride * (input - 1L)) + adjustment + extent - before - after;
        else if (Same)
        {
            size = (input + stride - 1L) / stride;
            before = (int)(Math.Max(0, ((size - 1) * stride) + extent - input) / 2);
        }
        else
            size = input + (long)before + after < extent ? 0 : ((input + (long)before + after - extent) / stride) + 1;
        if (size is < 0 or > int.MaxValue / 8)
            throw new ExecuTorchException(ErrorCode.Internal, $"a size of {size} follows from {input}");
        return ((int)size, before);
    }
}
