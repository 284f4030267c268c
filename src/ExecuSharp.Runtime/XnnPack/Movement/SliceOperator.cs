using ExecuSharp.Core;
using ExecuSharp.Kernels.Layout;

namespace ExecuSharp.Runtime.XnnPack.Movement;

/// <summary>
/// A part of every dimension. The end is offset + size, cut to the input; an end of 0 is the end of the dimension. Dimensions without an offset
/// stay whole.
/// </summary>
internal sealed unsafe class SliceOperator(XnnTensor input, XnnTensor output, uint[] offsets, uint[] extents) : MovementOperator([input], output)
{
    private readonly long[] inputs = new long[XnnTensor.MostRank + 1];
    private readonly long[] outputs = new long[XnnTensor.MostRank + 1];
    private readonly long[] first = new long[XnnTensor.MostRank + 1];
    private int rank;

    public override void Reshape(XnnContext context)
    {
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        rank = 0;
        for (int d = 0; d < Input.Rank; d++)
        {
            long size = Input.Sizes[d], offset = d < offsets.Length ? offsets[d] : 0, end = d < offsets.Length ? offset + extents[d] : size;
            end = end == 0 ? size : Math.Min(end, size);
            if (end < offset)
                throw new ExecuTorchException(ErrorCode.NotSupported, $"a slice begins at {offset} in a dimension of {size}");
            sizes[d] = (int)(end - offset);
            Append(size, offset, end - offset);
        }
        Output.SetShape(sizes[..Input.Rank]);
        // The innermost level is bytes, so that a row is one copy.
        Append(ElementSize, 0, ElementSize);
        if (rank == 1)
            (inputs[1], outputs[1], first[1], inputs[0], outputs[0], first[0], rank) = (inputs[0], outputs[0], first[0], 1, 1, 0, 2);
    }

    public override void Execute(XnnContext context)
    {
        byte* to = Output.Data;
        if (Output.Numel > 0)
            Level(0, Input.Data, ref to);
    }

    // A whole dimension joins the one before it.
    private void Append(long size, long offset, long extent)
    {
        if (rank > 0 && size == extent)
        {
            inputs[rank - 1] *= size;
            outputs[rank - 1] *= size;
            first[rank - 1] *= size;
            return;
        }
        (inputs[rank], outputs[rank], first[rank]) = (size, extent, offset);
        rank++;
    }

    private void Level(int d, byte* from, ref byte* to)
    {
        long stride = 1;
        for (int i = d + 1; i < rank; i++)
            stride *= inputs[i];
        from += first[d] * stride;
        if (d == rank - 2)
        {
            int bytes = (int)outputs[d + 1], count = (int)outputs[d];
            Rows.Copy(from + first[d + 1], (nint)stride, to, bytes, bytes, count);
            to += (long)bytes * count;
            return;
        }
        for (long i = 0; i < outputs[d]; i++)
            Level(d + 1, from + (i * stride), ref to);
    }
}
