using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Functions of one tensor that keep its type.</summary>
internal static class UnaryOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        Row("abs", (in KernelArgs a) => SameType(a, new UnaryVectors<UnaryElement.Abs>(default))),
        Row("neg", (in KernelArgs a) => SameType(a, new UnaryVectors<UnaryElement.Negate>(default))),
        Row("relu", (in KernelArgs a) => SameType(a, new UnaryVectors<UnaryElement.Relu>(default))),
        Row("round", (in KernelArgs a) => SameType(a, new UnaryVectors<UnaryElement.Round>(default))),
        Row("sign", Sign),
        Row("ceil", (in KernelArgs a) => ThroughFloat(a, new MathVectors<MathElement.Ceiling>(default))),
        Row("floor", (in KernelArgs a) => ThroughFloat(a, new MathVectors<MathElement.Floor>(default))),
        Row("trunc", (in KernelArgs a) => ThroughFloat(a, new MathVectors<MathElement.Truncate>(default))),
        Row("bitwise_not", BitwiseNot),
        new("aten::logical_not(Tensor self) -> Tensor")
        { OutName = "aten::logical_not.out", Kernel = LogicalNot, Shape = ShapeRules.BoolLikeFirst },
        new("aten::isnan(Tensor self) -> Tensor")
        { OutName = "aten::isnan.out", Kernel = (in KernelArgs a) => Test(a, new CompareVectors<CompareElement.IsNaN>(default)), Shape = ShapeRules.BoolLikeFirst },
        new("aten::isinf(Tensor self) -> Tensor")
        { OutName = "aten::isinf.out", Kernel = (in KernelArgs a) => Test(a, new CompareVectors<CompareElement.IsInfinity>(default)), Shape = ShapeRules.BoolLikeFirst },
    ];

    private static OperatorDefinition Row(string name, KernelFunction kernel) => new($"aten::{name}(Tensor self) -> Tensor")
    {
        OutName = $"aten::{name}.out",
        Kernel = kernel,
        Shape = ShapeRules.SameAsFirst,
    };

    private static void SameType<K>(in KernelArgs args, K kernel) where K : struct, IUnaryKernel
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        UnaryChecks.SameType(x, output);
        Elementwise.Unary(args.Context, Promotion.Compute(x.Type), kernel, x, output);
    }

    /// <summary>Integers go through float32, as the official kernels send them.</summary>
    private static void ThroughFloat<K>(in KernelArgs args, K kernel) where K : struct, IUnaryKernel
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        UnaryChecks.SameType(x, output);
        Elementwise.Unary(args.Context, x.Type == ScalarType.Double ? x.Type : ScalarType.Float, kernel, x, output);
    }

    private static void Sign(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        if (x.Type != ScalarType.Bool)
        {
            SameType(args, new UnaryVectors<UnaryElement.Sign>(default));
            return;
        }
        UnaryChecks.SameTypeAndOrder(x, output);
        x.Bytes.CopyTo(output.Bytes);
    }

    private static void BitwiseNot(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        KernelChecks.Require(Promotion.IsIntegralOrBool(x.Type), $"bitwise_not of {x.Type.Name()}");
        UnaryChecks.SameTypeAndOrder(x, output);
        if (x.Type == ScalarType.Bool)
            Elementwise.Unary(args.Context, x.Type, new UnaryElements<UnaryElement.Not>(default), x, output);
        else
            Elementwise.Unary(args.Context, x.Type, new UnaryElements<UnaryElement.Complement>(default), x, output);
    }

    private static void LogicalNot(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        UnaryChecks.RealOrBool(x, output);
        KernelChecks.ResizeOut(output, x.Sizes);
        KernelChecks.SameDimOrders(x, output);
        Elementwise.Unary(args.Context, ScalarType.Bool, new UnaryElements<UnaryElement.Not>(default), x, output);
    }

    private static void Test<K>(in KernelArgs args, K kernel) where K : struct, ICompareKernel
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        UnaryChecks.RealOrBool(x, output);
        KernelChecks.Require(output.Type == ScalarType.Bool, $"the output is {output.Type.Name()}, not Bool");
        KernelChecks.ResizeOut(output, x.Sizes);
        KernelChecks.SameDimOrders(x, output);
        Elementwise.Compare(args.Context, x.Type == ScalarType.Double ? x.Type : ScalarType.Float, kernel, x, x, output);
    }
}
