using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>The activation functions that recurrent nodes name.</summary>
internal static class RecurrentFunctions
{
    public static Func<Value, Value>[] Of(OnnxNode n, int direction, string[] defaults)
    {
        string[] names = n.Attribute("activations") is { } given
            ? [.. given.Strings.Select(s => System.Text.Encoding.UTF8.GetString(s.Span)).Skip(direction * defaults.Length).Take(defaults.Length)]
            : defaults;
        if (names.Length != defaults.Length)
            throw n.Bad($"{defaults.Length} activations for each direction", $"{names.Length}");
        float[] alphas = n.Floats("activation_alpha") ?? [], betas = n.Floats("activation_beta") ?? [];
        // Alphas and betas are listed for the functions that have them, in order.
        int alpha = 0, beta = 0;
        if (direction == 1 && n.Attribute("activations") is { } all)
            foreach (string name in all.Strings.Select(s => System.Text.Encoding.UTF8.GetString(s.Span)).Take(defaults.Length))
            {
                alpha += Alpha(name) is null ? 0 : 1;
                beta += Beta(name) is null ? 0 : 1;
            }
        return Array.ConvertAll(names, name => Function(n, name,
            Alpha(name) is { } a ? (alpha < alphas.Length ? alphas[alpha++] : a) : 0,
            Beta(name) is { } b ? (beta < betas.Length ? betas[beta++] : b) : 0));
    }

    private static double? Alpha(string name) => name.ToLowerInvariant() switch
    {
        "leakyrelu" => 0.01,
        "thresholdedrelu" or "elu" or "affine" or "scaledtanh" => 1,
        "hardsigmoid" => 0.2,
        _ => null,
    };

    private static double? Beta(string name) => name.ToLowerInvariant() switch
    {
        "hardsigmoid" => 0.5,
        "scaledtanh" => 1,
        "affine" => 0,
        _ => null,
    };

    private static Func<Value, Value> Function(OnnxNode n, string name, double alpha, double beta)
    {
        var a = n.Aten;
        return name.ToLowerInvariant() switch
        {
            "sigmoid" => a.Sigmoid,
            "tanh" => a.Tanh,
            "relu" => a.Relu,
            "affine" => v => a.Add(a.Mul(v, alpha), beta),
            "leakyrelu" => v => a.Call("aten::leaky_relu", v, alpha),
            "thresholdedrelu" => v => a.Where(a.Gt(v, alpha), v, 0),
            "scaledtanh" => v => a.Mul(a.Tanh(a.Mul(v, beta)), alpha),
            "hardsigmoid" => v => ActivationRows.HardSigmoid(a, v, alpha, beta),
            "elu" => v => a.Call("aten::elu", v, alpha, 1.0, 1.0),
            "softsign" => v => a.Div(v, a.Add(a.Abs(v), 1)),
            "softplus" => v => ActivationRows.Softplus(a, v),
            _ => throw n.Bad("an activation function of the standard", name),
        };
    }
}
