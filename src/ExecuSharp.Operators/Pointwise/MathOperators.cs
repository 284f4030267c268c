using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Elementary functions: any real type in, any floating type out. Double computes in Double, all others in Float.</summary>
internal static class MathOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        Scalar("acos", default(MathElement.Acos)),
        Scalar("acosh", default(MathElement.Acosh)),
        Scalar("asin", default(MathElement.Asin)),
        Scalar("asinh", default(MathElement.Asinh)),
        Scalar("atan", default(MathElement.Atan)),
        Scalar("atanh", default(MathElement.Atanh)),
        Scalar("cos", default(MathElement.Cos)),
        Scalar("cosh", default(MathElement.Cosh)),
        Scalar("sin", default(MathElement.Sin)),
        Scalar("sinh", default(MathElement.Sinh)),
        Scalar("tan", default(MathElement.Tan)),
        Scalar("log2", default(MathElement.Log2)),
        Scalar("log10", default(MathElement.Log10)),
        Vector("expm1", default(MathElement.Expm1)),
        Vector("log", default(MathElement.Log)),
        Vector("log1p", default(MathElement.Log1p)),
        Vector("tanh", default(MathElement.Tanh)),
        Vector("erf", default(MathElement.Erf)),
        Vector("sigmoid", default(MathElement.Sigmoid)),
        Vector("sqrt", default(MathElement.Sqrt)),
        Vector("rsqrt", default(MathElement.ReciprocalSqrt)),
        Vector("reciprocal", default(MathElement.Reciprocal)),
        Row("exp", Exp),
    ];

    private static OperatorDefinition Scalar<E>(string name, E element) where E : struct, IMathElement =>
        Row(name, (in KernelArgs args) => Run(args, new MathElements<E>(element)));

    private static OperatorDefinition Vector<E>(string name, E element) where E : struct, IMathElement, Kernels.Elementwise.IUnaryFunction =>
        Row(name, (in KernelArgs args) => Run(args, new MathVectors<E>(element)));

    private static OperatorDefinition Row(string name, KernelFunction kernel) => new($"aten::{name}(Tensor self) -> Tensor")
    {
        OutName = $"aten::{name}.out",
        Kernel = kernel,
        Shape = ShapeRules.FloatLikeFirst,
    };

    private static void Run<K>(in KernelArgs args, K kernel) where K : struct, IUnaryKernel
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        UnaryChecks.ToFloating(x, output);
        KernelChecks.SameDimOrders(x, output);
        Elementwise.Unary(args.Context, x.Type == ScalarType.Double ? x.Type : ScalarType.Float, kernel, x, output);
    }

    /// <summary>The official kernel computes in the output's type and does not compare dim orders.</summary>
    private static void Exp(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        UnaryChecks.ToFloating(x, output);
        Elementwise.Unary(args.Context, Promotion.Compute(output.Type), new MathVectors<MathElement.Exp>(default), x, output);
    }
}
