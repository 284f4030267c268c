using ExecuSharp.Core;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>Sizes of a batched product and which matrices meet.</summary>
internal sealed class BatchSizes
{
    private readonly int[] dims = new int[XnnTensor.MostRank];
    private readonly int[] left = new int[XnnTensor.MostRank];
    private readonly int[] right = new int[XnnTensor.MostRank];
    private int rank;

    public int Batches { get; private set; }

    public int M { get; private set; }

    public int N { get; private set; }

    public int K { get; private set; }

    /// <summary>Sets the sizes of the output.</summary>
    public void Infer(XnnTensor a, XnnTensor b, XnnTensor output, bool transposed)
    {
        if (a.Rank < 2 || b.Rank < 2)
            throw new ExecuTorchException(ErrorCode.Internal, $"matrices are needed, the inputs have sizes {Tensor.Format(a.Shape)} and {Tensor.Format(b.Shape)}");
        (M, K) = (a.Sizes[a.Rank - 2], a.Sizes[a.Rank - 1]);
        (int rows, N) = transposed ? (b.Sizes[b.Rank - 1], b.Sizes[b.Rank - 2]) : (b.Sizes[b.Rank - 2], b.Sizes[b.Rank - 1]);
        if (rows != K)
            throw new ExecuTorchException(ErrorCode.Internal, $"matrices of sizes {Tensor.Format(a.Shape)} and {Tensor.Format(b.Shape)} do not fit");
        rank = Math.Max(a.Rank, b.Rank) - 2;
        Batches = 1;
        int strideA = 1, strideB = 1;
        for (int d = rank - 1; d >= 0; d--)
        {
            int i = d - rank + a.Rank - 2, j = d - rank + b.Rank - 2;
            int sizeA = i >= 0 ? a.Sizes[i] : 1, sizeB = j >= 0 ? b.Sizes[j] : 1;
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
                throw new ExecuTorchException(ErrorCode.Internal, $"sizes {Tensor.Format(a.Shape)} and {Tensor.Format(b.Shape)} do not broadcast");
            dims[d] = sizeA == 1 ? sizeB : sizeA;
            left[d] = sizeA == 1 ? 0 : strideA;
            right[d] = sizeB == 1 ? 0 : strideB;
            strideA *= sizeA;
            strideB *= sizeB;
            Batches *= dims[d];
        }
        Span<int> result = stackalloc int[XnnTensor.MostRank];
        dims.AsSpan(0, rank).CopyTo(result);
        (result[rank], result[rank + 1]) = (M, N);
        output.SetShape(result[..(rank + 2)]);
    }

    /// <summary>Numbers of the matrices of a product.</summary>
    public (int Left, int Right) Offsets(int batch)
    {
        int a = 0, b = 0;
        for (int d = rank - 1; d >= 0; d--)
        {
            int i = batch % dims[d];
            batch /= dims[d];
            a += i * left[d];
            b += i * right[d];
        }
        return (a, b);
    }
}
