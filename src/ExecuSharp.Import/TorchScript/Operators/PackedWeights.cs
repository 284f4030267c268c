using ExecuSharp.Core;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Weights of a quantized layer: as packed by the program, or as stored in the file.</summary>
/// <param name="Weight">Quantized weight.</param>
/// <param name="Bias">Bias or None.</param>
/// <param name="Geometry">Of a convolution: stride, padding, dilation, groups, output padding, and whether it is transposed; else empty.</param>
internal sealed record PackedWeights(ScriptValue Weight, ScriptValue Bias, IReadOnlyList<ScriptValue> Geometry)
{
    public const string PackedMark = "packed";

    public static ScriptValue.Object Pack(string type, params ScriptValue[] parts) =>
        new("__torch__.torch.classes.quantized." + type, "") { State = new ScriptValue.Tuple([PackedMark, .. parts]) };

    public static PackedWeights Open(ScriptContext context, ScriptValue packed)
    {
        if (packed is not ScriptValue.Object { State: { } state } || state.TryElements() is not { Count: > 1 } parts)
            throw new InvalidOperationException($"packed weights are a {packed.Kind()}");
        if (parts[0].Text() == PackedMark)
            return new PackedWeights(parts[1], parts[2], parts.Skip(3).ToArray());
        // ("2", [geometry, weight], [bias]) of a convolution; (weight, bias) of a linear layer
        return parts[0].Text() is not null && parts.Count == 3 ? Convolution(context, parts) : new PackedWeights(parts[0], parts[1], []);
    }

    private static PackedWeights Convolution(ScriptContext context, IReadOnlyList<ScriptValue> parts)
    {
        if (parts[1].TryElements() is not [ScriptValue.Tensor geometry, ScriptValue.Tensor weight] || parts[2].TryElements() is not { } optional
            || context.Builder.ConstantOf(context.Read(geometry)) is not { Type: ScalarType.Short } numbers)
            throw new InvalidOperationException("a packed convolution of an unknown form");
        // spatial dimensions, then for each: stride, padding, dilation, output padding; groups; flags (bit 0: transposed)
        var n = numbers.Span<short>().ToArray();
        int dims = n.Length > 0 ? n[0] : 0;
        if (dims is < 1 or > 3 || n.Length < (4 * dims) + 3)
            throw new InvalidOperationException("a packed convolution of an unknown geometry");
        ScriptValue Part(int index) => new ScriptValue.List(Enumerable.Range(0, dims).Select(d => (ScriptValue)(long)n[1 + (index * dims) + d]));
        return new PackedWeights(weight, optional.Count > 0 ? optional[^1] : ScriptValue.None,
            [Part(0), Part(1), Part(2), (long)n[1 + (4 * dims)], Part(3), (n[2 + (4 * dims)] & 1) != 0]);
    }
}
