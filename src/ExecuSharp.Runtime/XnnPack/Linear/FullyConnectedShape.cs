using ExecuSharp.Core;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>All leading dimensions are rows; a row is taken as a pixel of a 1x1 convolution.</summary>
internal sealed class FullyConnectedShape(int inputs, int outputs) : ProductShape
{
    public override ConvolutionGeometry Infer(XnnTensor input, XnnTensor output)
    {
        if (input.Rank == 0 || input.Sizes[input.Rank - 1] != inputs)
            throw new ExecuTorchException(ErrorCode.Internal, $"rows of {inputs} are needed, the input has sizes {Tensor.Format(input.Shape)}");
        int rows = 1;
        for (int d = 0; d < input.Rank - 1; d++)
            rows *= input.Sizes[d];
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        input.Shape.CopyTo(sizes);
        sizes[input.Rank - 1] = outputs;
        output.SetShape(sizes[..input.Rank]);
        return new ConvolutionGeometry
        {
            Batch = 1,
            Height = 1,
            Width = rows,
            OutputHeight = 1,
            OutputWidth = rows,
            Channels = inputs,
            KernelHeight = 1,
            KernelWidth = 1,
            StrideHeight = 1,
            StrideWidth = 1,
            DilationHeight = 1,
            DilationWidth = 1,
        };
    }
}
