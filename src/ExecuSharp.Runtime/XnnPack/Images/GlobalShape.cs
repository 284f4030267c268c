using ExecuSharp.Core;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>Sizes of a mean over height and width.</summary>
internal static class GlobalShape
{
    /// <summary>Sets the sizes of the output: [N, 1, 1, C], or [N, C].</summary>
    public static void Infer(XnnTensor input, XnnTensor output, bool keepDims)
    {
        if (input.Rank != 4)
            throw new ExecuTorchException(ErrorCode.Internal, $"[N, H, W, C] is needed, the input has sizes {Tensor.Format(input.Shape)}");
        int n = input.Sizes[0], c = input.Sizes[3];
        output.SetShape(keepDims ? [n, 1, 1, c] : [n, c]);
    }
}
