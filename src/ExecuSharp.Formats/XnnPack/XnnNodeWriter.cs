using ExecuSharp.Formats.FlatBuffers;

namespace ExecuSharp.Formats.XnnPack;

internal static class XnnNodeWriter
{
    public static FlatObject Write(XnnNode node) => new FlatTableBuilder()
        .Union(0, (byte)node.Type, Member(node))
        .UInt32(2, node.DebugHandle)
        .Child(3, node.Range is { } range ? new FlatTableBuilder().Single(0, range.Min).Single(1, range.Max) : null);

    private static FlatTableBuilder Member(XnnNode node) => node switch
    {
        XnnUnaryNode n => Table(n.Input, n.Output, n.Flags),
        XnnBinaryNode n => Table(n.Input1, n.Input2, n.Output, n.Flags),
        XnnSlopeNode n => new FlatTableBuilder().Single(0, n.Parameter).UInt32(1, n.Input).UInt32(2, n.Output).UInt32(3, n.Flags),
        XnnFullyConnectedNode n => Table(n.Input, n.Filter, n.Bias, n.Output, n.Flags),
        XnnTransposeNode n => new FlatTableBuilder().UInt32(0, n.NumDims).Child(1, Vector(n.Perm)).UInt32(2, n.Input).UInt32(3, n.Output).UInt32(4, n.Flags),
        XnnReshapeNode n => new FlatTableBuilder().UInt32(0, n.NumDims).Child(1, Vector(n.NewShape)).UInt32(2, n.Input).UInt32(3, n.Output).UInt32(4, n.Flags),
        XnnSliceNode n => new FlatTableBuilder().UInt32(0, n.NumDims).Child(1, Vector(n.Offsets)).Child(2, Vector(n.Sizes)).UInt32(3, n.Input).UInt32(4, n.Output).UInt32(5, n.Flags),
        XnnPadNode n => new FlatTableBuilder().Child(0, Vector(n.Pre)).Child(1, Vector(n.Post)).Single(2, n.Value).UInt32(3, n.Input).UInt32(4, n.Output).UInt32(5, n.Flags),
        XnnResizeNode n => Table(n.NewHeight, n.NewWidth, n.Input, n.Output, n.Flags),
        XnnConvolutionNode n => Table(
            n.PaddingTop, n.PaddingRight, n.PaddingBottom, n.PaddingLeft, n.KernelHeight, n.KernelWidth, n.SubsamplingHeight, n.SubsamplingWidth, n.DilationHeight, n.DilationWidth,
            n.GroupInputChannels, n.GroupOutputChannels, n.Groups, n.AdjustmentHeight, n.AdjustmentWidth, n.Input, n.Filter, n.Bias, n.Output, n.Flags),
        XnnPoolingNode n => Table(
            n.PaddingTop, n.PaddingRight, n.PaddingBottom, n.PaddingLeft, n.PoolingHeight, n.PoolingWidth, n.StrideHeight, n.StrideWidth, n.DilationHeight, n.DilationWidth, n.Input, n.Output, n.Flags),
        XnnArgMaxPoolingNode n => Table(
            n.PaddingTop, n.PaddingRight, n.PaddingBottom, n.PaddingLeft, n.PoolingHeight, n.PoolingWidth, n.Input, n.OutputValue, n.OutputIndex, n.Flags),
        XnnConcatenateNode n => Table(n.Axis, n.Slots[0], n.Slots[1], n.Slots[2], n.Slots[3], n.Output, n.Flags, n.Slots[4]),
        XnnAttentionNode n => Table(n.Query, n.Key, n.Value, n.Scale, n.Mask, n.Output, n.Flags),
        _ => throw new NotSupportedException($"no way to write {node}"),
    };

    private static FlatTableBuilder Table(params ReadOnlySpan<uint> slots)
    {
        var table = new FlatTableBuilder();
        for (int i = 0; i < slots.Length; i++)
            table.UInt32(i, slots[i]);
        return table;
    }

    private static FlatVectorBuilder? Vector(uint[]? values) => values is null ? null : FlatVectorBuilder.UInt32s(values);
}
