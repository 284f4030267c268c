using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>
/// Operators of <c>optimize_for_mobile</c>. Their packed contexts are stored as weight, bias, geometry and output limits
/// (aten/src/ATen/native/xnnpack: SerializationType).
/// </summary>
internal static class PrepackedOperators
{
    public static ScriptValue[]? TryCall(OperatorCaller caller, string name, IReadOnlyList<ScriptValue> args)
    {
        switch (name)
        {
            case "prepacked::linear_clamp_prepack":
                return [Pack("LinearOpContext", args)];
            case "prepacked::conv2d_clamp_prepack":
                return [Pack("Conv2dOpContext", args)];
            case "prepacked::conv2d_transpose_clamp_prepack":
                return [Pack("TransposeConv2dOpContext", args)];
            case "prepacked::linear_clamp_run":
                var linear = State(args[1], 4);
                return [Clamp(caller, caller.One("aten::linear", args[0], linear[0], linear[1]), linear[2], linear[3])];
            case "prepacked::conv2d_clamp_run":
                var conv = State(args[1], 8);
                return [Clamp(caller, caller.One("aten::conv2d", args[0], conv[0], conv[1], conv[2], conv[3], conv[4], conv[5]), conv[6], conv[7])];
            case "prepacked::conv2d_transpose_clamp_run":
                // stored: weight, bias, stride, padding, output padding, dilation, groups, limits
                var transposed = State(args[1], 9);
                return [Clamp(caller, caller.One("aten::conv_transpose2d", args[0], transposed[0], transposed[1], transposed[2], transposed[3], transposed[4], transposed[6], transposed[5]),
                    transposed[7], transposed[8])];
            default:
                return null;
        }
    }

    private static ScriptValue.Object Pack(string type, IReadOnlyList<ScriptValue> args)
    {
        int count = type switch { "LinearOpContext" => 4, "Conv2dOpContext" => 8, _ => 9 };
        return new ScriptValue.Object($"__torch__.torch.classes.xnnpack.{type}", "")
        {
            State = new ScriptValue.Tuple([.. args.Concat(Enumerable.Repeat(ScriptValue.None, count)).Take(count)]),
        };
    }

    private static IReadOnlyList<ScriptValue> State(ScriptValue context, int count) =>
        context is ScriptValue.Object { State: { } state } && state.TryElements() is { } parts && parts.Count == count
            ? parts
            : throw new InvalidOperationException($"a packed context is {(context as ScriptValue.Object)?.Type ?? context.Kind()}, {count} parts are needed");

    private static ScriptValue Clamp(OperatorCaller caller, ScriptValue value, ScriptValue minimum, ScriptValue maximum) =>
        minimum.IsNone && maximum.IsNone ? value : caller.One("aten::clamp", value, minimum, maximum);
}
