using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels.Elements;

namespace ExecuSharp.Runtime.XnnPack.Movement;

/// <summary>Pads every dimension with a constant.</summary>
internal sealed unsafe class PadOperator : MovementOperator
{
    private readonly uint[] pre;
    private readonly uint[] post;
    private readonly uint element;

    public PadOperator(XnnTensor input, XnnTensor output, uint[] pre, uint[] post, float value)
        : base([input], output)
    {
        this.pre = pre;
        this.post = post;
        var (min, max) = output.Type.Codes();
        element = output.Type switch
        {
            XnnDatatype.Fp16 => BitConverter.HalfToUInt16Bits((Half)value),
            XnnDatatype.BFloat16 => ((BFloat16)value).Bits,
            XnnDatatype.QInt8 or XnnDatatype.QUInt8 => (byte)(int)Quantization.Code(value * (1f / output.Scale), output.ZeroPoint, min, max),
            XnnDatatype.Int32 => (uint)(int)value,
            _ => BitConverter.SingleToUInt32Bits(value),
        };
    }

    public override void Reshape(XnnContext context)
    {
        if (pre.Length != Input.Rank || post.Length != Input.Rank)
            throw Refuse($"paddings of {pre.Length} and {post.Length} dimensions for {Input.Rank}");
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        for (int d = 0; d < Input.Rank; d++)
        {
            long size = (long)Input.Sizes[d] + pre[d] + post[d];
            sizes[d] = size <= int.MaxValue / 8 ? (int)size : throw Refuse($"a padded size of {size}");
        }
        Output.SetShape(sizes[..Input.Rank]);
    }

    public override void Execute(XnnContext context)
    {
        byte* from = Input.Data, to = Output.Data;
        Level(0, ref from, ref to);
    }

    private void Level(int d, ref byte* from, ref byte* to)
    {
        long inner = 1;
        for (int i = d + 1; i < Output.Rank; i++)
            inner *= Output.Sizes[i];
        if (d >= Output.Rank)
        {
            Copy(from, to, ElementSize);
            return;
        }
        Fill(ref to, pre[d] * inner);
        if (d == Output.Rank - 1)
        {
            long bytes = (long)Input.Sizes[d] * ElementSize;
            Copy(from, to, bytes);
            from += bytes;
            to += bytes;
        }
        else
            for (int i = 0; i < Input.Sizes[d]; i++)
                Level(d + 1, ref from, ref to);
        Fill(ref to, post[d] * inner);
    }

    private void Fill(ref byte* to, long count)
    {
        switch (ElementSize)
        {
            case 1: new Span<byte>(to, (int)count).Fill((byte)element); break;
            case 2: new Span<ushort>(to, (int)count).Fill((ushort)element); break;
            default: new Span<uint>(to, (int)count).Fill(element); break;
        }
        to += count * ElementSize;
    }
}
