using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Runtime.XnnPack.Elementwise;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Makes element-wise steps.</summary>
internal sealed class ElementwiseBuilder(ValueTable values) : NodeBuilder(values)
{
    public XnnOperator Unary(XnnNode node, uint inputId, uint outputId, float parameter)
    {
        XnnTensor input = Value(inputId), output = Value(outputId);
        if (input.Type != output.Type)
            throw Refuse(node, input, output);
        if (input.Type == XnnDatatype.Int32 && Int32Functions.Unary(node.Type, parameter, node.Range) is { } integers)
            return new UnaryInt32Operator(integers, input, output);
        var kernel = Functions.Unary(node.Type, parameter, node.Range) ?? throw Refuse(node, input);
        if (input.Type.IsFloat())
            return new UnaryOperator(kernel, input, output);
        return input.Type.IsCode() ? new UnaryTableOperator(kernel, input, output) : throw Refuse(node, input, output);
    }

    public XnnOperator Binary(XnnBinaryNode node)
    {
        XnnTensor a = Value(node.Input1), b = Value(node.Input2), output = Value(node.Output);
        if (a.Type != b.Type || a.Type != output.Type)
            throw Refuse(node, a, b, output);
        var (min, max) = node.Type is XnnNodeType.Minimum or XnnNodeType.Maximum or XnnNodeType.PReLU ? (float.NegativeInfinity, float.PositiveInfinity) : Range(node);
        if (a.Type.IsFloat())
            return new BinaryOperator(Functions.Binary(node.Type, min, max)!, a, b, output);
        if (a.Type.IsCode())
            return new BinaryCodesOperator(Functions.Binary(node.Type, float.NegativeInfinity, float.PositiveInfinity)!, min, max, a, b, output);
        return a.Type == XnnDatatype.Int32 ? new BinaryInt32Operator(Int32Functions.Binary(node.Type, min, max)!, a, b, output) : throw Refuse(node, a, b, output);
    }

    public XnnOperator Convert(XnnUnaryNode node)
    {
        XnnTensor input = Value(node.Input), output = Value(node.Output);
        if (output.Type == XnnDatatype.QDInt8)
            return input.Type is XnnDatatype.Fp32 or XnnDatatype.Fp16 ? new DynamicQuantizeOperator(input, output) : throw Refuse(node, input, output);
        return IsPlain(input) && IsPlain(output) ? new ConvertOperator(input, output) : throw Refuse(node, input, output);
    }

    public XnnOperator Softmax(XnnUnaryNode node)
    {
        XnnTensor input = Value(node.Input), output = Value(node.Output);
        return input.Type == output.Type && input.Type is (XnnDatatype.Fp32 or XnnDatatype.Fp16) ? new SoftmaxOperator(input, output) : throw Refuse(node, input, output);
    }

    private static bool IsPlain(XnnTensor value) => value.Type.IsFloat() || value.Type.IsCode() || value.Type == XnnDatatype.Int32;
}
