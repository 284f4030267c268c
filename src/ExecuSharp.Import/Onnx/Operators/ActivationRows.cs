using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Activation functions.</summary>
internal static class ActivationRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("Relu", 1, n => n.Aten.Relu(n.X)),
        new("Sigmoid", 1, n => n.Aten.Sigmoid(n.X)),
        new("Tanh", 1, n => n.Aten.Tanh(n.X)),
        new("LeakyRelu", 1, n => n.Aten.Call("aten::leaky_relu", n.X, (double)n.Float("alpha", 0.01f))),
        new("PRelu", (1, n => [n.Same(PRelu(n, Channels(n)))]), (7, n => [n.Same(PRelu(n, n.In(1)))])),
        new("Elu", 1, n => n.Aten.Call("aten::elu", n.X, (double)n.Float("alpha", 1), 1.0, 1.0)),
        new("Selu", 1, n => n.Aten.Call("aten::elu", n.X, (double)n.Float("alpha", 1.67326319217681884765625f), (double)n.Float("gamma", 1.05070102214813232421875f), 1.0)),
        new("Celu", 12, n => n.Aten.Call("aten::elu", n.X, (double)n.Float("alpha", 1), 1.0, 1.0 / n.Float("alpha", 1))),
        new("ThresholdedRelu", 1, n => n.Aten.Where(n.Aten.Gt(n.X, n.Float("alpha", 1)), n.X, 0)),
        new("HardSigmoid", 1, n => HardSigmoid(n.Aten, n.X, n.Float("alpha", 0.2f), n.Float("beta", 0.5f))),
        new("HardSwish", 14, n => n.Aten.Mul(n.X, HardSigmoid(n.Aten, n.X, 1.0 / 6, 0.5))),
        new("Softplus", 1, n => Softplus(n.Aten, n.X)),
        new("Softsign", 1, n => n.Aten.Div(n.X, n.Aten.Add(n.Aten.Abs(n.X), 1))),
        new("Mish", 18, n => n.Aten.Mul(n.X, n.Aten.Tanh(Softplus(n.Aten, n.X)))),
        new("Gelu", 20, n => n.Aten.Call("aten::gelu", n.X, n.Text("approximate", "none"))),
        new("Swish", 24, n => Swish(n.Aten, n.X, n.Float("alpha", 1))),
        new("SwiGLU", 28, n => n.Aten.Mul(Swish(n.Aten, n.X, n.Float("alpha", 1)), n.In(1))),
        new("Shrink", 9, Shrink),
        new("Dropout", (1, n => Dropout(n, n.Type(0), 0)), (10, n => Dropout(n, OnnxDataType.Bool, 0)), (12, n => IsTraining(n) ? throw n.Unsupported("dropout in training mode is random") : Dropout(n, OnnxDataType.Bool, 1))),
    ];

    public static Value HardSigmoid(Aten a, Value x, double alpha, double beta) => a.ClampTo(a.Add(a.Mul(x, alpha), beta), 0, 1);

    /// <summary>log(1 + e^x) without overflow.</summary>
    public static Value Softplus(Aten a, Value x) => a.Add(a.Relu(x), a.Call("aten::log1p", a.Exp(a.Neg(a.Abs(x)))));

    public static Value Swish(Aten a, Value x, double alpha) => a.Mul(x, a.Sigmoid(a.Mul(x, alpha)));

    private static Value PRelu(OnnxNode n, Value slope) => n.Aten.Where(n.Aten.Lt(n.X, 0), n.Aten.Mul(slope, n.X), n.X);

    // Before opset 7 a vector of slopes belongs to the channels.
    private static Value Channels(OnnxNode n) => n.In(1) is { Spec: { Rank: 1, MaxNumel: > 1 } } slope && n.Rank() > 2
        ? n.Aten.View(slope, [slope.Spec.Sizes[0], .. Enumerable.Repeat((Dim)1, n.Rank() - 2)])
        : n.In(1);

    private static Value Shrink(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        double bias = n.Float("bias", 0), lambda = n.Float("lambd", 0.5f);
        if (!x.Spec.Type.IsFloating())
        {
            // The bounds are floats; the shifted value is cut to the integer type.
            var wide = a.Cast(x, ScalarType.Float);
            return a.Cast(Shrunk(a, wide, bias, lambda), x.Spec.Type);
        }
        return Shrunk(a, x, bias, lambda);
    }

    private static Value Shrunk(Aten a, Value x, double bias, double lambda) =>
        a.Where(a.Lt(x, -lambda), a.Add(x, bias), a.Where(a.Gt(x, lambda), a.Sub(x, bias), 0));

    private static bool IsTraining(OnnxNode n)
    {
        if (!n.Has(2) || Values.Longs(n.MustKnow(2, "training_mode"))[0] == 0)
            return false;
        double ratio = n.OptDoubles(1, "ratio")?[0] ?? 0.5;
        return ratio != 0;
    }

    // What the mask holds outside training was open before version 12; ONNX Runtime gives zeros.
    private static OnnxValue?[] Dropout(OnnxNode n, OnnxDataType maskType, double maskValue)
    {
        var x = n.X;
        var mask = n.WantsOutput(1) ? new OnnxValue.OfTensor(n.Aten.Full(maskValue, ElementTypes.Carrier(maskType)!.Value, Aten.Sizes(x)), maskType) : null;
        return [n.Same(x), mask];
    }
}
