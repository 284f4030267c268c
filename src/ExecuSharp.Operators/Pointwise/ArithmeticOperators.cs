using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>add, sub, rsub, mul, div without rounding.</summary>
internal static class ArithmeticOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor")
        { OutName = "aten::add.out", Kernel = Add, Shape = ShapeRules.Binary },
        new("aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor")
        { OutName = "aten::add.Scalar_out", Kernel = AddScalar, Shape = ShapeRules.Binary },
        new("aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor")
        { OutName = "aten::sub.out", Kernel = Subtract, Shape = ShapeRules.Binary },
        new("aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor")
        { OutName = "aten::sub.Scalar_out", Kernel = SubtractScalar, Shape = ShapeRules.Binary },
        new("aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor")
        { OutName = "aten::rsub.Scalar_out", Kernel = ReverseSubtract, Shape = ShapeRules.Binary },
        new("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor")
        { OutName = "aten::mul.out", Kernel = Multiply, Shape = ShapeRules.Binary },
        new("aten::mul.Scalar(Tensor self, Scalar other) -> Tensor")
        { OutName = "aten::mul.Scalar_out", Kernel = MultiplyScalar, Shape = ShapeRules.Binary },
        new("aten::div.Tensor(Tensor self, Tensor other) -> Tensor")
        { OutName = "aten::div.out", Kernel = Divide, Shape = ShapeRules.BinaryToFloat },
        new("aten::div.Scalar(Tensor self, Scalar other) -> Tensor")
        { OutName = "aten::div.Scalar_out", Kernel = DivideScalar, Shape = ShapeRules.BinaryToFloat },
    ];

    private static void Divide(in KernelArgs args) => Divide(args, byReciprocal: true);

    private static void DivideScalar(in KernelArgs args) => DivideScalar(args, byReciprocal: true);

    /// <summary>Division of two tensors.</summary>
    /// <param name="args">self, other, …, out.</param>
    /// <param name="byReciprocal">A float tensor is divided by a single float with one division and a multiplication each, as the optimized official kernel does.</param>
    internal static void Divide(in KernelArgs args, bool byReciprocal)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(args.Count - 1);
        KernelChecks.SameDimOrders(a, b, output);
        var compute = Promotion.Compute(Promotion.PromoteToFloating(a.Type, b.Type));
        KernelChecks.Require(output.Type.IsFloating(), $"the output of a division is {output.Type.Name()}");
        Broadcasting.ResizeOut(a, b, output);
        bool byNumber = byReciprocal && b.Numel == 1 && a.Numel != 1 && a.Type == b.Type && a.Type == output.Type && !a.Type.IsReducedFloating();
        if (byNumber)
            Elementwise.Binary(args.Context, compute, new BinaryVectors<MultiplyByReciprocal>(default), a, b, output);
        else
            Elementwise.Binary(args.Context, compute, new BinaryVectors<Divide>(default), a, b, output);
    }

    /// <summary>Division by a number.</summary>
    internal static void DivideScalar(in KernelArgs args, bool byReciprocal)
    {
        Tensor a = args.Tensor(0), output = args.Tensor(args.Count - 1);
        Promotion.RequireRealOrBool(a.Type);
        var common = a.Type.IsFloating() ? a.Type : ScalarType.Float;
        KernelChecks.Require(common == output.Type, $"the output is {output.Type.Name()}, not {common.Name()}");
        KernelChecks.SameDimOrders(a, output);
        KernelChecks.ResizeOut(output, a.Sizes);
        var compute = Promotion.Compute(common);
        if (byReciprocal && a.Type is (ScalarType.Float or ScalarType.Double))
            Elementwise.Binary(args.Context, compute, new BinaryVectors<MultiplyByReciprocal>(default), a, args.Scalar(1), output);
        else
            Elementwise.Binary(args.Context, compute, new BinaryVectors<Divide>(default), a, args.Scalar(1), output);
    }

    private static void Add(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(3);
        var alpha = args.Scalar(2);
        var compute = BinaryChecks.Tensors(a, b, output, out var common);
        KernelChecks.Require(Promotion.AlphaFits(alpha, common), $"alpha {alpha} does not fit {common.Name()}");
        // the official kernel swaps the operands, but not alpha, when only the left one has a single element
        bool swap = a.Numel == 1 && b.Numel != 1;
        Elementwise.Binary(args.Context, compute, new BinaryVectors<AddScaled>(new(alpha)), swap ? b : a, swap ? a : b, output);
    }

    private static void AddScalar(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), output = args.Tensor(3);
        Scalar b = args.Scalar(1), alpha = args.Scalar(2);
        var common = Promotion.Promote(a.Type, b);
        KernelChecks.Require(common == a.Type, $"{a.Type.Name()} cannot hold {b}");
        KernelChecks.Require(Promotion.AlphaFits(alpha, common), $"alpha {alpha} does not fit {common.Name()}");
        var compute = BinaryChecks.SameAsCommon(a, output, common);
        Elementwise.Binary(args.Context, compute, new BinaryVectors<AddScaled>(new(alpha)), a, b, output);
    }

    private static void Subtract(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(3);
        var alpha = args.Scalar(2);
        var compute = BinaryChecks.Tensors(a, b, output, out var common);
        CheckSubtraction(common, alpha);
        KernelChecks.Require(Promotion.AlphaFits(alpha, common), $"alpha {alpha} does not fit {common.Name()}");
        Elementwise.Binary(args.Context, compute, new BinaryVectors<SubtractScaled>(new(alpha)), a, b, output);
    }

    private static void SubtractScalar(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), output = args.Tensor(3);
        Scalar b = args.Scalar(1), alpha = args.Scalar(2);
        var common = Promotion.Promote(a.Type, b);
        KernelChecks.Require(common == output.Type, $"the output is {output.Type.Name()}, not {common.Name()}");
        KernelChecks.Require(a.Type != ScalarType.Bool, "subtraction of Bool");
        CheckSubtraction(common, alpha);
        KernelChecks.Require(Promotion.AlphaFits(alpha, common), $"alpha {alpha} does not fit {common.Name()}");
        var compute = BinaryChecks.SameAsCommon(a, output, common);
        Elementwise.Binary(args.Context, compute, new BinaryVectors<SubtractScaled>(new(alpha)), a, b, output);
    }

    private static void ReverseSubtract(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), output = args.Tensor(3);
        Scalar b = args.Scalar(1), alpha = args.Scalar(2);
        var common = Promotion.Promote(a.Type, b);
        KernelChecks.Require(common == output.Type, $"the output is {output.Type.Name()}, not {common.Name()}");
        KernelChecks.Require(a.Type != ScalarType.Bool, "subtraction of Bool");
        CheckSubtraction(common, alpha);
        var compute = BinaryChecks.SameAsCommon(a, output, common);
        Elementwise.Binary(args.Context, compute, new BinaryVectors<SubtractScaled>(new(alpha)), b, a, output);
    }

    private static void CheckSubtraction(ScalarType common, Scalar alpha)
    {
        KernelChecks.Require(common != ScalarType.Bool && !alpha.IsBool, "subtraction of Bool");
        KernelChecks.Require(Promotion.CanCast(Promotion.TypeOf(alpha), common), $"alpha {alpha} does not fit {common.Name()}");
    }

    private static void Multiply(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        var compute = BinaryChecks.Tensors(a, b, output, out _);
        Elementwise.Binary(args.Context, compute, new BinaryVectors<Multiply>(default), a, b, output);
    }

    private static void MultiplyScalar(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), output = args.Tensor(2);
        var b = args.Scalar(1);
        var common = Promotion.Promote(a.Type, b);
        KernelChecks.Require(common == output.Type, $"the output is {output.Type.Name()}, not {common.Name()}");
        var compute = BinaryChecks.SameAsCommon(a, output, common);
        Elementwise.Binary(args.Context, compute, new BinaryVectors<Multiply>(default), a, b, output);
    }
}
