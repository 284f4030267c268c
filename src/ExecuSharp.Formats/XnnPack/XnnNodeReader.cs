using ExecuSharp.Formats.FlatBuffers;

namespace ExecuSharp.Formats.XnnPack;

internal static class XnnNodeReader
{
    public static XnnNode Read(FlatTable node)
    {
        var type = (XnnNodeType)node.Byte(0);
        var known = type is > XnnNodeType.None and <= XnnNodeType.Cos;
        var range = node.Table(3, "OutputMinMax");
        return (known ? Member(type, node.RequiredTable(1, type.ToString())) : new XnnUnknownNode(type)) with
        {
            DebugHandle = node.UInt32(2),
            Range = range is { } r ? new XnnRange(r.Single(0), r.Single(1)) : null,
        };
    }

    private static XnnNode Member(XnnNodeType type, FlatTable t)
    {
        uint U(int slot) => t.UInt32(slot);
        switch (type)
        {
            case XnnNodeType.Add or XnnNodeType.Div or XnnNodeType.Minimum or XnnNodeType.Multiply or XnnNodeType.Subtract
                or XnnNodeType.Maximum or XnnNodeType.PReLU or XnnNodeType.BatchMatrixMultiply:
                return new XnnBinaryNode(type, U(0), U(1), U(2), U(3));
            case XnnNodeType.LeakyReLU or XnnNodeType.ELU:
                return new XnnSlopeNode(type, t.Single(0), U(1), U(2), U(3));
            case XnnNodeType.FullyConnected:
                return new XnnFullyConnectedNode(U(0), U(1), U(2), U(3), U(4));
            case XnnNodeType.StaticTranspose:
                return new XnnTransposeNode(U(0), Vector(t, 1), U(2), U(3), U(4));
            case XnnNodeType.StaticReshape:
                return new XnnReshapeNode(U(0), Vector(t, 1), U(2), U(3), U(4));
            case XnnNodeType.StaticSlice:
                return new XnnSliceNode(U(0), Vector(t, 1), Vector(t, 2), U(3), U(4), U(5));
            case XnnNodeType.StaticConstantPad:
                return new XnnPadNode(Vector(t, 0), Vector(t, 1), t.Single(2), U(3), U(4), U(5));
            case XnnNodeType.StaticResizeBilinear2D:
                return new XnnResizeNode(U(0), U(1), U(2), U(3), U(4));
            case XnnNodeType.Conv2d or XnnNodeType.DepthwiseConv2d or XnnNodeType.ConvTranspose2d:
                return new XnnConvolutionNode(type, U(0), U(1), U(2), U(3), U(4), U(5), U(6), U(7), U(8), U(9), U(10), U(11), U(12), U(13), U(14), U(15), U(16), U(17), U(18), U(19));
            case XnnNodeType.AvgPooling2d or XnnNodeType.MaxPooling2d:
                return new XnnPoolingNode(type, U(0), U(1), U(2), U(3), U(4), U(5), U(6), U(7), U(8), U(9), U(10), U(11), U(12));
            case XnnNodeType.ArgMaxPooling2d:
                return new XnnArgMaxPoolingNode(U(0), U(1), U(2), U(3), U(4), U(5), U(6), U(7), U(8), U(9));
            case XnnNodeType.Concatenate2 or XnnNodeType.Concatenate3 or XnnNodeType.Concatenate4 or XnnNodeType.Concatenate5:
                return new XnnConcatenateNode(type, U(0), [U(1), U(2), U(3), U(4), U(7)], U(5), U(6));
            case XnnNodeType.ScaledDotProductAttention:
                return new XnnAttentionNode(U(0), U(1), U(2), U(3), U(4), U(5), U(6));
            default:
                return new XnnUnaryNode(type, U(0), U(1), U(2));
        }
    }

    private static uint[]? Vector(FlatTable t, int slot) => t.Vector(slot, 4) is { IsPresent: true } v ? v.UInt32s() : null;
}
