using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>div with rounding, floor_divide, fmod, remainder.</summary>
internal static class DivisionOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor")
        { OutName = "aten::div.out_mode", Kernel = DivideMode, Shape = ModeShape },
        new("aten::div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor")
        { OutName = "aten::div.Scalar_mode_out", Kernel = DivideScalarMode, Shape = ModeShape },
        new("aten::floor_divide(Tensor self, Tensor other) -> Tensor")
        { OutName = "aten::floor_divide.out", Kernel = (in KernelArgs a) => Tensors(a, new BinaryElements<FloorDivide>(default), 2), Shape = ShapeRules.Binary },
        new("aten::fmod.Tensor(Tensor self, Tensor other) -> Tensor")
        { OutName = "aten::fmod.Tensor_out", Kernel = Fmod, Shape = ShapeRules.Binary },
        new("aten::fmod.Scalar(Tensor self, Scalar other) -> Tensor")
        { OutName = "aten::fmod.Scalar_out", Kernel = FmodScalar, Shape = ShapeRules.Binary },
        new("aten::remainder.Tensor(Tensor self, Tensor other) -> Tensor")
        { OutName = "aten::remainder.Tensor_out", Kernel = (in KernelArgs a) => Tensors(a, new BinaryElements<Remainder>(default), 2), Shape = ShapeRules.Binary },
        new("aten::remainder.Scalar(Tensor self, Scalar other) -> Tensor")
        { OutName = "aten::remainder.Scalar_out", Kernel = (in KernelArgs a) => Numbers(a, new BinaryElements<Remainder>(default), 2), Shape = ShapeRules.Binary },
    ];

    private static TensorSpec[] ModeShape(IReadOnlyList<Argument> args) =>
        args[2].IsNone ? ShapeRules.BinaryToFloat(args) : ShapeRules.Binary(args);

    private static void DivideMode(in KernelArgs args)
    {
        if (args[2].IsNone)
        {
            ArithmeticOperators.Divide(args, byReciprocal: false);
            return;
        }
        if (IsTruncate(args.String(2)))
            Tensors(args, new BinaryElements<TruncateDivide>(default), 3);
        else
            Tensors(args, new BinaryElements<FloorDivide>(default), 3);
    }

    private static void DivideScalarMode(in KernelArgs args)
    {
        if (args[2].IsNone)
        {
            ArithmeticOperators.DivideScalar(args, byReciprocal: false);
            return;
        }
        if (IsTruncate(args.String(2)))
            Numbers(args, new BinaryElements<TruncateDivide>(default), 3);
        else
            Numbers(args, new BinaryElements<FloorDivide>(default), 3);
    }

    private static void Tensors<K>(in KernelArgs args, K kernel, int target) where K : struct, IBinaryKernel
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(target);
        var compute = BinaryChecks.RealTensors(a, b, output, out _);
        Elementwise.Binary(args.Context, compute, kernel, a, b, output);
    }

    private static void Numbers<K>(in KernelArgs args, K kernel, int target) where K : struct, IBinaryKernel
    {
        Tensor a = args.Tensor(0), output = args.Tensor(target);
        var b = args.Scalar(1);
        var compute = NonZeroNumber(a, b, output, out _);
        Elementwise.Binary(args.Context, compute, kernel, a, b, output);
    }

    private static void Fmod(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        var compute = InFloat(BinaryChecks.RealTensors(a, b, output, out _));
        Elementwise.Binary(args.Context, compute, new BinaryElements<FloatModulo>(default), a, b, output);
    }

    private static void FmodScalar(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), output = args.Tensor(2);
        var b = args.Scalar(1);
        var compute = InFloat(NonZeroNumber(a, b, output, out _));
        Elementwise.Binary(args.Context, compute, new BinaryElements<FloatModulo>(default), a, b, output);
    }

    private static ScalarType NonZeroNumber(Tensor a, Scalar b, Tensor output, out ScalarType common)
    {
        var compute = BinaryChecks.RealNumber(a, b, output, out common);
        KernelChecks.Require(common.IsFloating() || b.ToDouble() != 0, "integer division by zero");
        return compute;
    }

    /// <summary>These kernels compute integers in Double.</summary>
    private static ScalarType InFloat(ScalarType compute) => compute == ScalarType.Float ? compute : ScalarType.Double;

    private static bool IsTruncate(string mode)
    {
        KernelChecks.Require(mode is "trunc" or "floor", $"rounding mode \"{mode}\" is neither \"trunc\" nor \"floor\"");
        return mode == "trunc";
    }
}
