namespace ExecuSharp.Tests.Conformance.Operators;

/// <summary>Which rule holds for which operator.</summary>
internal static class ToleranceKinds
{
    private static readonly HashSet<string> Transcendental =
    [
        "acos", "acosh", "asin", "asinh", "atan", "atanh", "atan2", "cos", "cosh", "sin", "sinh", "tan", "tanh", "exp", "expm1", "log", "log10", "log1p",
        "log2", "erf", "sigmoid", "rsqrt", "reciprocal", "elu", "glu", "pow",
    ];

    private static readonly HashSet<string> Exact =
    [
        "add", "sub", "rsub", "mul", "div", "floor_divide", "fmod", "remainder", "sqrt", "abs", "neg", "floor", "ceil", "trunc", "round", "relu", "sign",
        "clamp", "where", "minimum", "maximum", "hardtanh", "leaky_relu", "native_dropout", "arange",
    ];

    private static readonly HashSet<string> Accumulating =
    [
        "_cdist_forward", "_pdist_forward",
        "native_layer_norm", "native_group_norm", "_native_batch_norm_legit", "_native_batch_norm_legit_no_training", "avg_pool2d", "_adaptive_avg_pool2d",
        "grid_sampler_2d", "upsample_bilinear2d", "_upsample_bilinear2d_aa", "max_pool2d_with_indices_backward", "scatter_add", "index_put",
        "custom_sdpa", "sdpa_with_kv_cache", "custom_quantized_sdpa", "fast_hadamard_transform", "choose_qparams",
        "choose_qparams_per_token_asymmetric", "dequantize_per_tensor", "dequantize_per_channel", "dequantize_per_token", "embedding_2bit",
        "embedding_4bit", "embedding_byte",
    ];

    private static readonly HashSet<string> Products =
    [
        "mm", "bmm", "addmm", "linear", "convolution", "convolution_backward", "mixed_mm", "mixed_linear",
    ];

    public static ToleranceKind Of(string name)
    {
        string op = name.Split("::")[1].Split('.')[0];
        return op switch
        {
            "gelu" => ToleranceKind.Gelu,
            "_fft_c2r" or "_fft_r2c" => ToleranceKind.Transform,
            "logit" => ToleranceKind.Logit,
            "_softmax" or "_log_softmax" => ToleranceKind.Softmax,
            "sum" or "mean" or "cumsum" => ToleranceKind.Sum,
            "prod" => ToleranceKind.Product,
            "_fft_r2c" or "_fft_c2r" => ToleranceKind.Transform,
            "var" or "var_mean" => ToleranceKind.Variance,
            _ when Transcendental.Contains(op) => ToleranceKind.Transcendental,
            _ when Exact.Contains(op) => ToleranceKind.Exact,
            _ when Products.Contains(op) => ToleranceKind.Products,
            _ when Accumulating.Contains(op) => ToleranceKind.Accumulating,
            _ => ToleranceKind.Copy,
        };
    }

    /// <summary>The operator computes each element by itself, so that its bits must not depend on the vector width.</summary>
    public static bool IsElementwise(string name) => Of(name) is ToleranceKind.Copy or ToleranceKind.Exact or ToleranceKind.Transcendental or ToleranceKind.Gelu or ToleranceKind.Logit;

    public static bool IsExact(ToleranceKind kind) => kind is ToleranceKind.Copy or ToleranceKind.Exact;
}
