using ExecuSharp.Core;

namespace ExecuSharp.Runtime.XnnPack.Movement;

/// <summary>
/// A part of every dimension. The end is offset + size, cut to the input; an end of 0 is the end of the dimension. Dimensions without an offset
/// stay whole.
/// </summary>
internal sealed unsafe class SliceOperator(XnnTensor input, XnnTensor output, uint[] offsets, uint[] extents) : MovementOperator([input], output)
{
    private readonly int[] first = new int[XnnTensor.MostRank];

    public override void Reshape(XnnContext context)
    {
        Span<int> sizes = stackalloc int[XnnTensor.MostRank];
        for (int d = 0; d < Input.Rank; d++)
        {
            long size = Input.Sizes[d], offset = d < offsets.Length ? offsets[d] : 0, end = d < offsets.Length ? offset + extents[d] : size;
            end = end == 0 ? size : Math.Min(end, size);
            if (end < offset)
                throw new ExecuTorchException(ErrorCode.NotSupported, $"a slice begins at {offset} in a dimension of {size}");
            first[d] = (int)offset;
            sizes[d] = (int)(end - offset);
        }
        Output.SetShape(sizes[..Input.Rank]);
    }

    public override void Execute(XnnContext context)
    {
        int inner = Output.Rank;
        long block = ElementSize;
        while (inner > 0 && Output.Sizes[inner - 1] == Input.Sizes[inner - 1])
            block *= Output.Sizes[--inner];
        if (Output.Numel == 0)
            return;
        if (inner > 0)
            block *= Output.Sizes[inner - 1];
        byte* to = Output.Data;
        Level(0, Math.Max(0, inner - 1), Input.Data, ref to, block);
    }

    private void Level(int d, int last, byte* from, ref byte* to, long block)
    {
        long stride = ElementSize;
        for (int i = d + 1; i < Input.Rank; i++)
            stride *= Input.Sizes[i];
        from += Input.Rank == 0 ? 0 : first[d] * stride;
        if (d >= last)
        {
            Copy(from, to, block);
            to += block;
            return;
        }
        for (int i = 0; i < Output.Sizes[d]; i++)
            Level(d + 1, last, from + (i * stride), ref to, block);
    }
}
