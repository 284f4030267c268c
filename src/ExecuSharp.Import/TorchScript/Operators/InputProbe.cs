using ExecuSharp.Core;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>What the first operator on an input says about its shape.</summary>
internal static class InputProbe
{
    public static InputShapeNeededException Needed(ScriptContext context, ScriptValue.UnknownInput input, string name, IReadOnlyList<ScriptValue> args)
    {
        var weight = args.Skip(1).FirstOrDefault() switch
        {
            ScriptValue.Tensor { IsWeight: true } t => context.Spec(t),
            ScriptValue.Object { State: { } state } => state.TryElements() is [ScriptValue.Tensor t, ..] ? context.Spec(t) : null,
            _ => null,
        };
        bool linear = name is "aten::linear" or "prepacked::linear_clamp_run" or "quantized::linear_dynamic";
        var found = linear && weight is { Rank: 2 } ? new TensorSpec(weight.Type, 1, weight.Sizes[1]) : null;
        string reason = weight is { Rank: >= 3 } && name.Contains("conv", StringComparison.Ordinal)
            ? $"{name} needs [1, {weight.Sizes[1]}{string.Concat(Enumerable.Repeat(", ?", weight.Rank - 2))}] (times groups)"
            : $"{name} looks at it first";
        return new InputShapeNeededException(input.Index, input.Name, found, reason);
    }
}
