using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Runtime.XnnPack;

/// <summary>A value while the graph runs: element type, quantization, sizes of this call, memory.</summary>
internal sealed unsafe class XnnTensor
{
    public const int MostRank = 6;

    public required uint Id { get; init; }

    public required XnnDatatype Type { get; init; }

    /// <summary>Declared sizes; they count for constants only.</summary>
    public required int[] Declared { get; init; }

    public bool IsInput { get; init; }

    public bool IsOutput { get; init; }

    /// <summary>Position in the arguments, or -1.</summary>
    public int External { get; init; } = -1;

    public ReadOnlyMemory<byte> Constant { get; init; }

    public bool IsConstant { get; init; }

    public float Scale { get; init; }

    public int ZeroPoint { get; init; }

    /// <summary>A scale for each channel.</summary>
    public float[]? ChannelScales { get; init; }

    public int ChannelDim { get; init; }

    /// <summary>A scale for each block of each row.</summary>
    public float[]? BlockScales { get; init; }

    public int GroupSize { get; init; }

    /// <summary>Trailing dimensions that share a scale, for a value quantized at run time.</summary>
    public int NonBatchDims { get; init; }

    public int[] Sizes { get; } = new int[MostRank];

    public int Rank { get; private set; }

    /// <summary>The value whose memory this one uses, or null for memory of its own.</summary>
    public XnnTensor? Base { get; set; }

    /// <summary>The value at the end of the chain of <see cref="Base"/>.</summary>
    public XnnTensor Root => Base?.Root ?? this;

    public byte* Data { get; set; }

    public ReadOnlySpan<int> Shape => Sizes.AsSpan(0, Rank);

    public int Numel { get; private set; }

    public int ElementSize => Type.SizeOf();

    public bool IsSigned => Type is XnnDatatype.QInt8 or XnnDatatype.QDInt8;

    /// <summary>Bytes that the value needs, without room for scales.</summary>
    public long CodeBytes => (long)Numel * ElementSize;

    /// <summary>Number of scales of a value quantized at run time.</summary>
    public int Rows { get; private set; }

    /// <summary>Bytes that the value needs.</summary>
    public long ByteLength => Type == XnnDatatype.QDInt8 ? Align(CodeBytes) + (8L * Rows) : CodeBytes;

    public float* RowScales => (float*)(Data + Align(CodeBytes));

    public int* RowZeroPoints => (int*)(RowScales + Rows);

    public void SetShape(ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MostRank)
            throw new ExecuTorchException(ErrorCode.Internal, $"value {Id} would have {sizes.Length} dimensions");
        long n = 1;
        foreach (int s in sizes)
        {
            n *= s;
            if (n > int.MaxValue / 8)
                throw new ExecuTorchException(ErrorCode.Internal, $"value {Id} would have sizes {Tensor.Format(sizes)}");
        }
        sizes.CopyTo(Sizes);
        Rank = sizes.Length;
        Numel = (int)n;
        Rows = 1;
        for (int d = 0; d < Rank - NonBatchDims; d++)
            Rows *= Sizes[d];
    }

    public bool SameQuantization(XnnTensor other) => Scale == other.Scale && ZeroPoint == other.ZeroPoint;

    public override string ToString() => $"value {Id} ({Type})";

    private static long Align(long bytes) => (bytes + 15) & ~15L;
}
