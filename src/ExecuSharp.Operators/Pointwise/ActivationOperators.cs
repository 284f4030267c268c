using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Activation functions with parameters.</summary>
internal static class ActivationOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor")
        { OutName = "aten::hardtanh.out", Kernel = Hardtanh, Shape = ShapeRules.SameAsFirst },
        new("aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor")
        { OutName = "aten::leaky_relu.out", Kernel = LeakyRelu, Shape = ShapeRules.SameAsFirst },
        new("aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor")
        { OutName = "aten::elu.out", Kernel = Elu, Shape = ShapeRules.SameAsFirst },
        new("aten::gelu(Tensor self, *, str approximate='none') -> Tensor")
        { OutName = "aten::gelu.out", Kernel = Gelu, Shape = ShapeRules.SameAsFirst },
        new("aten::logit(Tensor self, float? eps=None) -> Tensor")
        { OutName = "aten::logit.out", Kernel = Logit, Shape = ShapeRules.FloatLikeFirst },
        new("aten::glu(Tensor self, int dim=-1) -> Tensor")
        { OutName = "aten::glu.out", Kernel = GluKernel.Run, Shape = GluShape },
    ];

    private static void Hardtanh(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        UnaryChecks.SameType(x, output);
        Scalar low = InType(args.Scalar(1), x.Type), high = InType(args.Scalar(2), x.Type);
        Elementwise.Unary(args.Context, Promotion.Compute(x.Type), new UnaryVectors<ClampElement>(new(low, high, false)), x, output);
    }

    private static void LeakyRelu(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(2);
        UnaryChecks.SameFloatingType(x, output);
        UnaryChecks.SameTypeAndOrder(x, output);
        var slope = InType(args.Scalar(1), x.Type);
        Elementwise.Unary(args.Context, Promotion.Compute(x.Type), new UnaryVectors<UnaryElement.LeakyRelu>(new(slope)), x, output);
    }

    private static void Elu(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(4);
        UnaryChecks.SameFloatingType(x, output);
        UnaryChecks.SameTypeAndOrder(x, output);
        var element = new UnaryElement.Elu(args.Scalar(1).ToDouble(), args.Scalar(2).ToDouble(), args.Scalar(3).ToDouble());
        Elementwise.Unary(args.Context, Promotion.Compute(x.Type), new MathVectors<UnaryElement.Elu>(element), x, output);
    }

    private static void Gelu(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(2);
        string mode = args.String(1);
        UnaryChecks.SameFloatingType(x, output);
        KernelChecks.Require(mode is "none" or "tanh", $"approximate \"{mode}\" is neither \"none\" nor \"tanh\"");
        KernelChecks.ResizeOut(output, x.Sizes);
        if (mode == "none")
            Elementwise.Unary(args.Context, Promotion.Compute(x.Type), new MathVectors<MathElement.Gelu>(default), x, output);
        else
            Elementwise.Unary(args.Context, Promotion.Compute(x.Type), new MathVectors<MathElement.GeluTanh>(default), x, output);
    }

    private static void Logit(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(2);
        UnaryChecks.ToFloating(x, output);
        KernelChecks.Require(!output.Type.IsReducedFloating(), $"no kernel for an output of type {output.Type.Name()}");
        KernelChecks.SameDimOrders(x, output);
        Elementwise.Unary(args.Context, output.Type, new UnaryElements<UnaryElement.Logit>(new(args.OptionalDouble(1))), x, output);
    }

    private static TensorSpec[] GluShape(IReadOnlyList<Argument> args)
    {
        var spec = args[0].AsSpec();
        int dim = ShapeRules.WrapDim(args[1].AsInt(), spec.Rank);
        var sizes = spec.Sizes.ToArray();
        sizes[dim] /= 2;
        return [spec with { Sizes = sizes }];
    }

    /// <summary>A number rounded to a type; one that does not fit is refused.</summary>
    private static Scalar InType(Scalar number, ScalarType type)
    {
        KernelChecks.Require(Promotion.Fits(number, type), $"{number} does not fit {type.Name()}");
        return type switch
        {
            ScalarType.Half => (double)(float)ElementCast.Cast<Half>(number),
            ScalarType.BFloat16 => (double)(float)ElementCast.Cast<BFloat16>(number),
            _ => number,
        };
    }
}
