using ExecuSharp.Core;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>
/// How two dense inputs meet in a broadcast: rows of the innermost dimension, in which each input either advances or stands still. Neighbouring
/// dimensions that behave alike are merged.
/// </summary>
internal sealed class Broadcast
{
    private readonly int[] sizes = new int[XnnTensor.MostRank];
    private readonly int[] left = new int[XnnTensor.MostRank];
    private readonly int[] right = new int[XnnTensor.MostRank];
    private int rank;

    /// <summary>Number of rows.</summary>
    public int Rows { get; private set; }

    /// <summary>Elements of a row of the output.</summary>
    public int Length { get; private set; }

    /// <summary>Elements of a row of the left input: <see cref="Length"/> or 1.</summary>
    public int LeftLength => left[rank - 1] == 0 ? 1 : Length;

    /// <summary>Elements of a row of the right input: <see cref="Length"/> or 1.</summary>
    public int RightLength => right[rank - 1] == 0 ? 1 : Length;

    /// <summary>Sets the sizes of the output and prepares.</summary>
    /// <exception cref="ExecuTorchException">Internal: the sizes do not broadcast.</exception>
    public void Prepare(XnnTensor a, XnnTensor b, XnnTensor output)
    {
        int dims = Math.Max(a.Rank, b.Rank);
        Span<int> result = stackalloc int[XnnTensor.MostRank];
        rank = 0;
        int strideA = a.Numel, strideB = b.Numel;
        for (int d = 0; d < dims; d++)
        {
            int sizeA = d - dims + a.Rank is var i and >= 0 ? a.Sizes[i] : 1, sizeB = d - dims + b.Rank is var j and >= 0 ? b.Sizes[j] : 1;
            if (sizeA != sizeB && sizeA != 1 && sizeB != 1)
                throw new ExecuTorchException(ErrorCode.Internal, $"sizes {Tensor.Format(a.Shape)} and {Tensor.Format(b.Shape)} do not broadcast");
            int size = sizeA == 1 ? sizeB : sizeA;
            result[d] = size;
            strideA = sizeA == 0 ? 0 : strideA / sizeA;
            strideB = sizeB == 0 ? 0 : strideB / sizeB;
            if (size != 1)
                Append(size, sizeA == 1 ? 0 : strideA, sizeB == 1 ? 0 : strideB);
        }
        output.SetShape(result[..dims]);
        if (rank == 0)
            Append(1, 1, 1);
        Length = sizes[rank - 1];
        Rows = 1;
        for (int d = 0; d < rank - 1; d++)
            Rows *= sizes[d];
        if (output.Numel == 0)
            Rows = 0;
    }

    /// <summary>
    /// Number of consecutive rows during which the right input stays the same row while the left one advances; 1 where that is not so. Short rows
    /// of that kind are better computed together with a repeated right row.
    /// </summary>
    public int RightRepeats => rank > 1 && right[rank - 2] == 0 && RightLength == Length && left[rank - 2] == Length && LeftLength == Length ? sizes[rank - 2] : 1;

    /// <summary>The same with the inputs exchanged.</summary>
    public int LeftRepeats => rank > 1 && left[rank - 2] == 0 && LeftLength == Length && right[rank - 2] == Length && RightLength == Length ? sizes[rank - 2] : 1;

    /// <summary>Where the rows of the inputs begin.</summary>
    public (int Left, int Right) Offsets(int row)
    {
        int a = 0, b = 0;
        for (int d = rank - 2; d >= 0; d--)
        {
            int i = row % sizes[d];
            row /= sizes[d];
            a += i * left[d];
            b += i * right[d];
        }
        return (a, b);
    }

    private void Append(int size, int strideA, int strideB)
    {
        if (rank > 0 && left[rank - 1] == strideA * size && right[rank - 1] == strideB * size)
        {
            sizes[rank - 1] *= size;
            left[rank - 1] = strideA;
            right[rank - 1] = strideB;
            return;
        }
        sizes[rank] = size;
        left[rank] = strideA;
        right[rank++] = strideB;
    }
}
