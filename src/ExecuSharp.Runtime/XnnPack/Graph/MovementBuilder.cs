using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Runtime.XnnPack.Movement;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Makes steps that move elements.</summary>
internal sealed class MovementBuilder(ValueTable values) : NodeBuilder(values)
{
    public XnnOperator Copy(XnnUnaryNode node)
    {
        var (input, output) = Same(node, node.Input, node.Output);
        return new CopyOperator(input, output, null);
    }

    public XnnOperator Reshape(XnnReshapeNode node)
    {
        var shape = node.NewShape ?? throw Missing(node, "new shape");
        var (input, output) = Same(node, node.Input, node.Output);
        if (shape.Length > XnnTensor.MostRank || shape.Any(s => s > int.MaxValue))
            throw Refuse(node, $"new shape [{string.Join(", ", shape)}]");
        return new CopyOperator(input, output, Array.ConvertAll(shape, s => (int)s));
    }

    public XnnOperator Transpose(XnnTransposeNode node)
    {
        var perm = node.Perm ?? throw Missing(node, "permutation");
        var (input, output) = Same(node, node.Input, node.Output);
        int[] order = [.. perm.Take((int)Math.Min(node.NumDims, XnnTensor.MostRank + 1)).Select(p => (int)Math.Min(p, 255))];
        if (order.Length is 0 or > XnnTensor.MostRank || order.Distinct().Count() != order.Length || order.Any(p => p >= order.Length))
            throw Refuse(node, $"[{string.Join(", ", perm)}] is no permutation");
        return new TransposeOperator(input, output, order);
    }

    public XnnOperator Slice(XnnSliceNode node)
    {
        var offsets = node.Offsets ?? throw Missing(node, "offsets");
        var sizes = node.Sizes ?? throw Missing(node, "sizes");
        var (input, output) = Same(node, node.Input, node.Output);
        if (offsets.Length != sizes.Length || offsets.Length > XnnTensor.MostRank)
            throw Refuse(node, $"{offsets.Length} offsets and {sizes.Length} sizes");
        return new SliceOperator(input, output, offsets, sizes);
    }

    public XnnOperator Pad(XnnPadNode node)
    {
        var pre = node.Pre ?? throw Missing(node, "paddings");
        var post = node.Post ?? throw Missing(node, "paddings");
        var (input, output) = Same(node, node.Input, node.Output);
        return new PadOperator(input, output, pre, post, node.Value);
    }

    public XnnOperator Concatenate(XnnConcatenateNode node)
    {
        XnnTensor[] inputs = [.. node.Inputs.Select(id => Same(node, id, node.Output).Input)];
        int axis = unchecked((int)node.Axis);
        if (axis is < -XnnTensor.MostRank or >= XnnTensor.MostRank)
            throw Refuse(node, $"axis {axis}");
        return new ConcatenateOperator(inputs, Value(node.Output), axis);
    }

    private (XnnTensor Input, XnnTensor Output) Same(XnnNode node, uint inputId, uint outputId)
    {
        XnnTensor input = Value(inputId), output = Value(outputId);
        bool plain = input.Type.IsFloat() || input.Type.IsCode() || input.Type == XnnDatatype.Int32;
        if (!plain || input.Type != output.Type || !input.SameQuantization(output))
            throw Refuse(node, input, output);
        return (input, output);
    }
}
