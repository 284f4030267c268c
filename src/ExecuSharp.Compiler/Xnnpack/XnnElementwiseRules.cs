using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>Unary and binary element-wise operators.</summary>
internal static class XnnElementwiseRules
{

    public static IEnumerable<(string, XnnRule)> Rows
    {
        get
        {
            yield return ("aten::sigmoid", Unary(XnnNodeType.Sigmoid));
            yield return ("aten::floor", Unary(XnnNodeType.Floor));
            yield return ("aten::ceil", Unary(XnnNodeType.Ceiling));
            yield return ("aten::sqrt", Unary(XnnNodeType.SquareRoot));
            yield return ("aten::neg", Unary(XnnNodeType.Negate));
            yield return ("aten::abs", Unary(XnnNodeType.Abs));
            yield return ("aten::hardswish", Unary(XnnNodeType.Hardswish));
            yield return ("aten::rsqrt", Unary(XnnNodeType.ReciprocalSquareRoot));
            yield return ("aten::log", Unary(XnnNodeType.Log));
            yield return ("aten::tanh", Unary(XnnNodeType.Tanh));
            yield return ("aten::exp", Unary(XnnNodeType.Exp));
            yield return ("aten::sin", Unary(XnnNodeType.Sin));
            yield return ("aten::cos", Unary(XnnNodeType.Cos));
            yield return ("aten::gelu", new XnnRule(
                (n, c) => n.Output.Spec.Type != ScalarType.Float ? "XNNPACK's GELU takes Float" : Since(c, n.Args[1].AsString() == "none" ? XnnNodeType.Gelu : XnnNodeType.Tanh),
                (n, b) =>
                {
                    if (n.Args[1].AsString() == "none")
                        LowerUnary(n, b, XnnNodeType.Gelu);
                    else
                        LowerTanhGelu(n, b);
                }));
            yield return ("aten::pow.Tensor_Scalar", new XnnRule(
                (n, c) => n.Args[1].AsScalar().ToDouble() switch
                {
                    2 or 3 or 0.5 => null,
                    -0.5 => Since(c, XnnNodeType.ReciprocalSquareRoot),
                    _ => "XNNPACK has the square, the cube and the square root",
                },
                LowerPower));
            yield return ("aten::leaky_relu", new XnnRule(
                (n, _) => null,
                (n, b) => LowerSame(n, b, (x, y) => new XnnSlopeNode(XnnNodeType.LeakyReLU, n.Args[1].AsScalar().ToFloat(), x, y, 0))));
            yield return ("aten::elu", new XnnRule(
                (n, _) => n.Args[2].AsScalar().ToDouble() == 1 && n.Args[3].AsScalar().ToDouble() == 1 ? null : "XNNPACK's ELU has no scale",
                (n, b) => LowerSame(n, b, (x, y) => new XnnSlopeNode(XnnNodeType.ELU, n.Args[1].AsScalar().ToFloat(), x, y, 0))));
            yield return ("aten::relu", Clamp);
            yield return ("aten::hardtanh", Clamp);
            yield return ("aten::clamp", Clamp);
            yield return ("aten::add.Tensor", Binary(XnnNodeType.Add, alpha: true));
            yield return ("aten::sub.Tensor", Binary(XnnNodeType.Subtract, alpha: true));
            yield return ("aten::mul.Tensor", Binary(XnnNodeType.Multiply));
            yield return ("aten::div.Tensor", Binary(XnnNodeType.Div));
            yield return ("aten::maximum", Binary(XnnNodeType.Maximum));
            yield return ("aten::minimum", Binary(XnnNodeType.Minimum));
            yield return ("aten::add.Scalar", BinaryScalar(XnnNodeType.Add, alpha: true));
            yield return ("aten::sub.Scalar", BinaryScalar(XnnNodeType.Subtract, alpha: true));
            yield return ("aten::mul.Scalar", BinaryScalar(XnnNodeType.Multiply));
            yield return ("aten::div.Scalar", BinaryScalar(XnnNodeType.Div));
            yield return ("aten::prelu", new XnnRule(
                (n, c) => !c.IsConstant(n.Args[1]) ? "the slopes are no constant" : n.Output.Spec.Rank < 2 ? "it has fewer than two dimensions" : null,
                LowerPRelu));
        }
    }

    /// <summary>Writes a node of one input and one output in the order that the input has.</summary>
    public static void LowerSame(Node node, XnnBuilder builder, Func<uint, uint, XnnNode> make)
    {
        var input = node.Args[0].AsValue();
        bool last = builder.IsChannelsLast(input);
        uint x = last ? builder.LastId(input) : builder.Id(input);
        builder.Add(make(x, builder.Bind(node.Output, last)));
    }

    /// <summary>Null if the target has a node.</summary>
    public static string? Since(XnnCheck check, XnnNodeType node) =>
        XnnNodeReleases.First(node) is var release && check.Target >= release ? null : $"the node exists since ExecuTorch {release}, the target is {check.Target}";

    private static XnnRule Unary(XnnNodeType type) => new((_, c) => Since(c, type), (n, b) => LowerUnary(n, b, type));

    private static void LowerUnary(Node node, XnnBuilder builder, XnnNodeType type) =>
        LowerSame(node, builder, (x, y) => new XnnUnaryNode(type, x, y, 0));

    private static void LowerPower(Node node, XnnBuilder builder)
    {
        switch (node.Args[1].AsScalar().ToDouble())
        {
            case 0.5:
                LowerUnary(node, builder, XnnNodeType.SquareRoot);
                break;
            case -0.5:
                LowerUnary(node, builder, XnnNodeType.ReciprocalSquareRoot);
                break;
            case 2:
                LowerUnary(node, builder, XnnNodeType.Square);
                break;
            default:
                var input = node.Args[0].AsValue();
                bool last = builder.IsChannelsLast(input);
                uint x = last ? builder.LastId(input) : builder.Id(input), square = builder.NewLike(x, builder.DimsOf(x));
                builder.Add(new XnnUnaryNode(XnnNodeType.Square, x, square, 0));
                builder.Add(new XnnBinaryNode(XnnNodeType.Multiply, square, x, builder.Bind(node.Output, last), 0));
                break;
        }
    }

    /// <summary>The bounds of a call that only limits values, if they are known and in order; else null.</summary>
    public static (float Min, float Max)? RangeOf(Node node)
    {
        if (node.Op is not ("aten::relu" or "aten::hardtanh" or "aten::clamp") || node.Args.Skip(1).Any(a => !a.IsNone && !a.IsNumber))
            return null;
        float min = node.Op == "aten::relu" ? 0 : node.Args[1].IsNone ? float.NegativeInfinity : node.Args[1].AsScalar().ToFloat();
        float max = node.Op == "aten::relu" || node.Args[2].IsNone ? float.PositiveInfinity : node.Args[2].AsScalar().ToFloat();
        return min < max ? (min, max) : null;
    }

    private static XnnRule Clamp => new(
        (n, _) => RangeOf(n) is null ? "the bounds are known only at run time, or the lower one is not below the upper one" : null,
        (n, b) => LowerClamp(n, b, RangeOf(n)!.Value));

    private static void LowerClamp(Node node, XnnBuilder builder, (float Min, float Max) range)
    {
        var input = node.Args[0].AsValue();
        bool last = builder.IsChannelsLast(input);
        uint x = last ? builder.LastId(input) : builder.Id(input);
        if (builder.UseCount(input) == 1 && builder.TryFuseRange(x, range.Min, range.Max))
        {
            builder.Alias(node.Output, x, last);
            return;
        }
        builder.Add(new XnnUnaryNode(XnnNodeType.Clamp, x, builder.Bind(node.Output, last), 0) { Range = new XnnRange(range.Min, range.Max) });
    }

    private static XnnRule Binary(XnnNodeType type, bool alpha = false) => new(
        (n, _) => alpha && n.Args[2].AsScalar().ToDouble() != 1 ? "XNNPACK has no alpha" : null,
        (n, b) => LowerBinary(n, b, type));

    private static void LowerBinary(Node node, XnnBuilder builder, XnnNodeType type)
    {
        Value left = node.Args[0].AsValue(), right = node.Args[1].AsValue();
        bool last = ChannelsLast.Has(node.Output.Spec.Rank) && (builder.IsChannelsLast(left) || builder.IsChannelsLast(right)) && CanBeLast(left, node.Output, builder) && CanBeLast(right, node.Output, builder);
        uint a = Operand(left, node.Output, builder, last), b = Operand(right, node.Output, builder, last);
        builder.Add(new XnnBinaryNode(type, a, b, builder.Bind(node.Output, last), 0));
    }

    private static bool CanBeLast(Value value, Value output, XnnBuilder builder) =>
        value.Spec.Rank == output.Spec.Rank || value.Spec.MaxNumel == 1 || builder.IsConstant(value);

    private static uint Operand(Value value, Value output, XnnBuilder builder, bool last)
    {
        if (!last || (value.Spec.MaxNumel == 1 && value.Spec.Rank < output.Spec.Rank))
            return builder.Id(value);
        return value.Spec.Rank == output.Spec.Rank ? builder.LastId(value) : builder.LastConstant(value, output.Spec.Rank);
    }

    private static XnnRule BinaryScalar(XnnNodeType type, bool alpha = false) => new(
        (n, _) => !n.Args[1].IsNumber ? "the number is known only at run time"
            : alpha && n.Args[2].AsScalar().ToDouble() != 1 ? "XNNPACK has no alpha" : null,
        (n, b) => LowerSame(n, b, (x, y) => new XnnBinaryNode(type, x, b.Scalar(n.Args[1].AsScalar().ToFloat(), n.Output.Spec.Type), y, 0)));

    // XNNPACK's GELU is the erf form: ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))) is written with its hyperbolic tangent.
    private static void LowerTanhGelu(Node node, XnnBuilder builder) => LowerSame(node, builder, (x, y) =>
    {
        uint Unary(XnnNodeType type, uint a)
        {
            uint result = builder.NewLike(y, builder.DimsOf(y));
            builder.Add(new XnnUnaryNode(type, a, result, 0));
            return result;
        }
        uint Binary(XnnNodeType type, uint a, uint b)
        {
            uint result = builder.NewLike(y, builder.DimsOf(y));
            builder.Add(new XnnBinaryNode(type, a, b, result, 0));
            return result;
        }
        uint Number(double number) => builder.Scalar((float)number, node.Output.Spec.Type);
        // √(2/π)·x·(1 + 0.044715·x²)
        uint slope = Binary(XnnNodeType.Add, Binary(XnnNodeType.Multiply, Unary(XnnNodeType.Square, x), Number(0.044715)), Number(1));
        uint argument = Binary(XnnNodeType.Multiply, Binary(XnnNodeType.Multiply, x, Number(Math.Sqrt(2 / Math.PI))), slope);
        uint gate = Binary(XnnNodeType.Add, Unary(XnnNodeType.Tanh, argument), Number(1));
        return new XnnBinaryNode(XnnNodeType.Multiply, Binary(XnnNodeType.Multiply, x, Number(0.5)), gate, y, 0);
    });

    private static void LowerPRelu(Node node, XnnBuilder builder)
    {
        var input = node.Args[0].AsValue();
        var slope = builder.Known(node.Args[1]);
        int channels = (int)slope.Numel;
        bool last = input.Spec.Rank == 4 || builder.IsChannelsLast(input);
        uint x = last ? builder.LastId(input) : builder.Id(input);
        int[] sizes = last ? [channels] : [channels, .. Enumerable.Repeat(1, Math.Max(0, input.Spec.Rank - 2))];
        uint s = channels == 1 ? builder.Constant(TensorTransforms.Reshape(slope, 1)) : builder.Constant(TensorTransforms.Reshape(slope, sizes));
        // max(x, 0) + slope * min(x, 0): the PReLU node wants the slope along the last dimension.
        if (last || input.Spec.Rank == 2 || channels == 1)
        {
            builder.Add(new XnnBinaryNode(XnnNodeType.PReLU, x, s, builder.Bind(node.Output, last), 0));
            return;
        }
        var type = XnnBuilder.TypeOf(input.Spec.Type);
        uint positive = builder.New(type, XnnBuilder.DimsOf(input)), negative = builder.New(type, XnnBuilder.DimsOf(input)), scaled = builder.New(type, XnnBuilder.DimsOf(input));
        builder.Add(new XnnUnaryNode(XnnNodeType.Clamp, x, positive, 0) { Range = new XnnRange(0, float.PositiveInfinity) });
        builder.Add(new XnnUnaryNode(XnnNodeType.Clamp, x, negative, 0) { Range = new XnnRange(float.NegativeInfinity, 0) });
        builder.Add(new XnnBinaryNode(XnnNodeType.Multiply, negative, s, scaled, 0));
        builder.Add(new XnnBinaryNode(XnnNodeType.Add, positive, scaled, builder.Bind(node.Output), 0));
    }
}
