using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Activation;

/// <summary>Activation functions that the runtime has no kernel for.</summary>
internal static class ActivationDecompositions
{
    private const double SeluAlpha = 1.6732632423543772848170429916717;
    private const double SeluScale = 1.0507009873554804934193349852946;

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::relu6(Tensor self) -> Tensor", (b, a) => b.Call1("aten::hardtanh", a[0], 0, 6)),
        One("aten::silu(Tensor self) -> Tensor", (b, a) => b.Mul(a[0], b.Sigmoid(a[0]))),
        One("aten::mish(Tensor self) -> Tensor", (b, a) => b.Mul(a[0], b.Tanh(Softplus(b, a[0].AsValue(), 1, 20)))),
        One("aten::softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor", (b, a) => Softplus(b, a[0].AsValue(), a[1].AsDouble(), a[2].AsDouble())),
        new("aten::hardswish(Tensor self) -> Tensor") { Shape = ShapeRules.SameAsFirst, Decompose = (b, a) => [b.Mul(a[0], HardSigmoid(b, a))] },
        One("aten::hardsigmoid(Tensor self) -> Tensor", HardSigmoid),
        One("aten::selu(Tensor self) -> Tensor", (b, a) => b.Call1("aten::elu", a[0], SeluAlpha, SeluScale, 1)),
        One("aten::celu(Tensor self, Scalar alpha=1.0) -> Tensor", (b, a) => b.Call1("aten::elu", a[0], a[1], 1, 1 / a[1].AsDouble())),
        One("aten::hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor", (b, a) => b.Where(b.Le(b.Abs(a[0]), a[1]), b.Number(0.0, a[0].AsSpec().Type), a[0])),
        One("aten::softshrink(Tensor self, Scalar lambd=0.5) -> Tensor", SoftShrink),
        One("aten::tanhshrink(Tensor self) -> Tensor", (b, a) => b.Sub(a[0], b.Tanh(a[0]))),
        One("aten::softsign(Tensor self) -> Tensor", (b, a) => b.Div(a[0], b.Add(b.Abs(a[0]), 1))),
        One("aten::threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor", (b, a) => b.Where(b.Le(a[0], a[1]), OfType(b, a[2], a[0]), a[0])),
        new("aten::prelu(Tensor self, Tensor weight) -> Tensor") { Shape = ShapeRules.SameAsFirst, Decompose = (b, a) => [Prelu(b, a)] },
        One("aten::_prelu_kernel(Tensor self, Tensor weight) -> Tensor", (b, a) => b.Where(b.Gt(a[0], 0), a[0], b.Mul(a[0], a[1]))),
        One("aten::rrelu(Tensor self, Scalar lower=0.125, Scalar upper=0.3333333333333333, bool training=False) -> Tensor", RandomRelu),
        One("aten::log_sigmoid(Tensor self) -> Tensor", LogSigmoid),
        One("aten::logsigmoid(Tensor self) -> Tensor", LogSigmoid),
        Many("aten::log_sigmoid_forward(Tensor self) -> (Tensor, Tensor)", (b, a) => [LogSigmoid(b, a), b.Exp(b.Neg(b.Abs(a[0])))]),
        One("aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", (b, a) => b.Call1("aten::_softmax", Typed(b, a), a[1], false)),
        One("aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", (b, a) => b.Call1("aten::_log_softmax", Typed(b, a), a[1], false)),
        One("aten::special_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor", (b, a) => b.Call1("aten::_softmax", Typed(b, a), a[1], false)),
        One("aten::special_log_softmax(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor", (b, a) => b.Call1("aten::_log_softmax", Typed(b, a), a[1], false)),
        One("aten::_softmax_backward_data(Tensor grad_output, Tensor output, int dim, ScalarType input_dtype) -> Tensor", SoftmaxBackward),
    ];

    /// <summary>log(1 + exp(beta x)) / beta, and x above the threshold.</summary>
    public static Value Softplus(IGraphBuilder b, Value x, double beta, double threshold)
    {
        var scaled = beta == 1 ? x : b.Mul(x, beta);
        var soft = b.Call1("aten::log1p", b.Exp(scaled));
        return b.Where(b.Gt(scaled, threshold), x, beta == 1 ? soft : b.Div(soft, beta));
    }

    /// <summary>min(x, 0) - log(1 + exp(-|x|)), which neither overflows nor cancels.</summary>
    public static Value LogSigmoid(IGraphBuilder b, IReadOnlyList<Argument> a) =>
        b.Sub(b.Clamp(a[0], Argument.None, 0), b.Call1("aten::log1p", b.Exp(b.Neg(b.Abs(a[0])))));

    private static Value HardSigmoid(IGraphBuilder b, IReadOnlyList<Argument> a) => b.Div(b.Clamp(b.Add(a[0], 3), 0, 6), 6);

    private static Value SoftShrink(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        double lambda = a[1].AsDouble();
        // NaN stays NaN: it is in neither range of the inner choice and x * 0 keeps it.
        return b.Where(b.Gt(x, lambda), b.Sub(x, lambda), b.Where(b.Lt(x, -lambda), b.Add(x, lambda), b.Mul(x, 0)));
    }

    private static Value Prelu(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var x = a[0].AsValue();
        var weight = a[1].AsValue();
        if (weight.Spec.MaxNumel != 1)
            weight = b.View(weight, [.. Enumerable.Range(0, x.Spec.Rank).Select(d => (Argument)(d == 1 ? weight.Spec.Sizes[0].Value : 1))]);
        return b.Where(b.Gt(x, 0), x, b.Mul(x, weight));
    }

    private static Value RandomRelu(IGraphBuilder b, IReadOnlyList<Argument> a) =>
        a[3].AsBool() ? throw Unsupported("rrelu in training mode") : b.Call1("aten::leaky_relu", a[0], (a[1].AsDouble() + a[2].AsDouble()) / 2);

    private static Value Typed(IGraphBuilder b, IReadOnlyList<Argument> a) => a[2].IsNone ? a[0].AsValue() : b.Cast(a[0].AsValue(), a[2].AsScalarType());

    private static Value OfType(IGraphBuilder b, Argument number, Argument like) =>
        b.Constant(Constants.Filled(like.AsSpec().Type, [], number.AsDouble()));

    private static Value SoftmaxBackward(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var product = b.Mul(a[0], a[1]);
        return b.Sub(product, b.Mul(a[1], b.Sum(product, [a[2].AsInt()], keepDim: true)));
    }
}
