using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>pow, atan2, minimum, maximum.</summary>
internal static class PowerOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor")
        { OutName = "aten::pow.Tensor_Tensor_out", Kernel = PowTensors, Shape = ShapeRules.Binary },
        new("aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor")
        { OutName = "aten::pow.Tensor_Scalar_out", Kernel = PowScalar, Shape = ShapeRules.Binary },
        new("aten::pow.Scalar(Scalar self, Tensor exponent) -> Tensor")
        { OutName = "aten::pow.Scalar_out", Kernel = PowOfScalar, Shape = ShapeRules.Binary },
        new("aten::atan2(Tensor self, Tensor other) -> Tensor")
        { OutName = "aten::atan2.out", Kernel = Atan2, Shape = ShapeRules.BinaryToFloat },
        new("aten::minimum(Tensor self, Tensor other) -> Tensor")
        { OutName = "aten::minimum.out", Kernel = (in KernelArgs a) => Extreme(a, new BinaryVectors<Minimum>(default)), Shape = ShapeRules.Binary },
        new("aten::maximum(Tensor self, Tensor other) -> Tensor")
        { OutName = "aten::maximum.out", Kernel = (in KernelArgs a) => Extreme(a, new BinaryVectors<Maximum>(default)), Shape = ShapeRules.Binary },
    ];

    private static void PowTensors(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        var compute = InFloat(BinaryChecks.RealTensors(a, b, output, out _));
        Elementwise.Binary(args.Context, compute, new BinaryElements<Power>(default), a, b, output);
    }

    private static void PowScalar(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), output = args.Tensor(2);
        var b = args.Scalar(1);
        var compute = InFloat(BinaryChecks.RealNumber(a, b, output, out _));
        Elementwise.Binary(args.Context, compute, new BinaryElements<Power>(default), a, b, output);
    }

    private static void PowOfScalar(in KernelArgs args)
    {
        Tensor b = args.Tensor(1), output = args.Tensor(2);
        var a = args.Scalar(0);
        var compute = InFloat(BinaryChecks.RealNumber(b, a, output, out _));
        Elementwise.Binary(args.Context, compute, new BinaryElements<Power>(default), a, b, output);
    }

    private static void Atan2(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        var compute = Promotion.Compute(Promotion.PromoteToFloating(a.Type, b.Type));
        KernelChecks.Require(output.Type.IsFloating(), $"the output is {output.Type.Name()}, not a floating type");
        KernelChecks.SameDimOrders(a, b, output);
        Broadcasting.ResizeOut(a, b, output);
        Elementwise.Binary(args.Context, compute, new BinaryElements<ArcTangent2>(default), a, b, output);
    }

    private static void Extreme<K>(in KernelArgs args, K kernel) where K : struct, IBinaryKernel
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        var compute = BinaryChecks.Tensors(a, b, output, out _);
        Elementwise.Binary(args.Context, compute, kernel, a, b, output);
    }

    private static ScalarType InFloat(ScalarType compute) => compute == ScalarType.Float ? compute : ScalarType.Double;
}
