using ExecuSharp.Core;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Sizes of a mean over height and width.</summary>
internal static class GlobalShape
{
    /// <summary>Sets the sizes of the output: [..., 1, 1, C], or [..., C].</summary>
    /// <returns>Images, pixels of each, channels.</returns>
    public static (int Images, int Pixels, int Channels) Infer(XnnTensor input, XnnTensor output, bool keepDims)
    {
        int rank = input.Rank;
        if (rank < 3)
            throw new ExecuTorchException(ErrorCode.Internal, $"[..., H, W, C] is needed, the input has sizes {Tensor.Format(input.Shape)}");
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        input.Shape.CopyTo(sizes);
        int images = 1;
        foreach (int size in input.Shape[..(rank - 3)])
            images *= size;
        int pixels = sizes[rank - 3] * sizes[rank - 2], channels = sizes[rank - 1];
        (sizes[rank - 3], sizes[rank - 2]) = (1, 1);
        if (!keepDims)
            sizes[rank - 3] = channels;
        output.SetShape(sizes[..(keepDims ? rank : rank - 2)]);
        return (images, pixels, channels);
    }
}
