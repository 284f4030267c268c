using ExecuSharp.Core;
using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Operators of quantized modules, written as float operators between dequantize and quantize nodes.</summary>
internal static class QuantizedOperators
{
    public static ScriptValue[]? TryCall(OperatorCaller caller, string name, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords)
    {
        var context = caller.Context;
        switch (name)
        {
            case "aten::quantize_per_tensor" when args.Count >= 4:
                return [QuantizedTensors.Quantize(context, args[0], Double(context, args[1]), Int(context, args[2]), (ScalarType)args[3].Int())];
            case "aten::dequantize":
                return [QuantizedTensors.Dequantize(context, args[0])];
            case "aten::int_repr" when args[0] is ScriptValue.Tensor { Quantization: not null } t:
                return [new ScriptValue.Tensor(t.Handle)];
            case "aten::q_scale" when args[0] is ScriptValue.Tensor { Quantization.Axis: null, Quantization: { } q }:
                return [q.Scales[0]];
            case "aten::q_zero_point" when args[0] is ScriptValue.Tensor { Quantization.Axis: null, Quantization: { } q }:
                return [q.ZeroPoints[0]];
            case "aten::quantized_lstm":
                return QuantizedLstm.Call(caller, args, keywords);
        }
        if (!name.StartsWith("quantized::", StringComparison.Ordinal))
            return null;
        string op = name["quantized::".Length..];
        return Pack(context, op, args) ?? Layer(caller, op, args) ?? Pointwise(caller, op, args);
    }

    /// <summary>Calls an operator without quantized kernels of its own: on numbers, and back to the codes of its first quantized argument.</summary>
    public static ScriptValue[] CallOnCodes(OperatorCaller caller, string name, OverloadMatch match)
    {
        var context = caller.Context;
        var first = match.Slots.SelectMany(s => s is ScriptValue.List l ? l.Items : [s!]).OfType<ScriptValue.Tensor>().First(t => t.Quantization is not null);
        if (first.Quantization!.Axis is not null)
            throw new InvalidOperationException($"{name} of a tensor quantized per channel is not supported");
        var numbers = match with { Slots = Array.ConvertAll(match.Slots, s => s is null ? null : QuantizedTensors.Dequantize(context, s)) };
        return Array.ConvertAll(caller.Call(name.EndsWith('_') ? name[..^1] : name, numbers), r => Requantize(context, r, first.Quantization));
    }

    private static ScriptValue Requantize(ScriptContext context, ScriptValue value, Quantization q) => value switch
    {
        ScriptValue.List list => new ScriptValue.List(list.Items.Select(i => Requantize(context, i, q)).ToArray()),
        ScriptValue.Tensor t when context.Spec(t).Type.IsFloating() => QuantizedTensors.Quantize(context, t, q.Scales[0], q.ZeroPoints[0], q.Type),
        _ => value,
    };

    private static ScriptValue[]? Pack(ScriptContext context, string op, IReadOnlyList<ScriptValue> args)
    {
        switch (op)
        {
            case "linear_prepack" or "linear_prepack_fp16":
                return [PackedWeights.Pack("LinearPackedParamsBase", args[0], args.Count > 1 ? args[1] : ScriptValue.None)];
            case "conv1d_prepack" or "conv2d_prepack" or "conv3d_prepack":
                return [PackedWeights.Pack("ConvPackedParamsBase", args[0], args[1], args[2], args[3], args[4], args[5], ScriptValue.None, false)];
            case "linear_unpack" or "linear_unpack_fp16" or "conv1d_unpack" or "conv2d_unpack" or "conv3d_unpack":
                var weights = PackedWeights.Open(context, args[0]);
                return [weights.Weight, weights.Bias];
            default:
                return null;
        }
    }

    private static ScriptValue[]? Layer(OperatorCaller caller, string op, IReadOnlyList<ScriptValue> args)
    {
        var context = caller.Context;
        switch (op)
        {
            case "linear_dynamic" or "linear_relu_dynamic":
                var y = LinearDynamic(caller, args[0], PackedWeights.Open(context, args[1]));
                return [op == "linear_dynamic" ? y : caller.One("aten::relu", y)];
            case "linear_dynamic_fp16" or "linear_relu_dynamic_fp16":
                var packed = PackedWeights.Open(context, args[1]);
                var half = caller.One("aten::linear", args[0], packed.Weight, packed.Bias);
                return [op == "linear_dynamic_fp16" ? half : caller.One("aten::relu", half)];
            case "linear" or "linear_relu" or "conv1d" or "conv1d_relu" or "conv2d" or "conv2d_relu" or "conv3d" or "conv3d_relu":
                var weights = PackedWeights.Open(context, args[1]);
                var x = QuantizedTensors.Dequantize(context, args[0]);
                var w = QuantizedTensors.Dequantize(context, weights.Weight);
                string plain = op.EndsWith("_relu", StringComparison.Ordinal) ? op[..^5] : op;
                var result = plain == "linear"
                    ? caller.One("aten::linear", x, w, weights.Bias)
                    : caller.One("aten::" + plain, x, w, weights.Bias, weights.Geometry[0], weights.Geometry[1], weights.Geometry[2], weights.Geometry[3]);
                if (plain != op)
                    result = caller.One("aten::relu", result);
                return [QuantizedTensors.Quantize(context, result, Double(context, args[2]), Int(context, args[3]), Type(args[0]))];
            default:
                return null;
        }
    }

    private static ScriptValue[]? Pointwise(OperatorCaller caller, string op, IReadOnlyList<ScriptValue> args)
    {
        var context = caller.Context;
        string plain = op.EndsWith("_relu", StringComparison.Ordinal) ? op[..^5] : op;
        int parameters = plain switch
        {
            "add" or "mul" or "cat" or "matmul" => 2,
            "hardswish" or "sigmoid" or "gelu" => 1,
            _ => -1,
        };
        if (parameters < 0 || args.Count < parameters + 2)
            return null;
        var inputs = args.Take(parameters).Select(a => QuantizedTensors.Dequantize(context, a)).ToArray();
        var result = caller.One("aten::" + plain, inputs);
        if (plain != op)
            result = caller.One("aten::relu", result);
        return [QuantizedTensors.Quantize(context, result, Double(context, args[^2]), Int(context, args[^1]), Type(args[0] is ScriptValue.List l ? l.Items[0] : args[0]))];
    }

    /// <summary>A linear layer whose input is quantized at run time.</summary>
    public static ScriptValue LinearDynamic(OperatorCaller caller, ScriptValue input, PackedWeights weights) => caller.One("aten::linear",
        QuantizedTensors.RoundTrip(caller.Context, input), QuantizedTensors.Dequantize(caller.Context, weights.Weight), weights.Bias);

    private static ScalarType Type(ScriptValue quantized) =>
        quantized is ScriptValue.Tensor { Quantization: { } q } ? q.Type : throw new InvalidOperationException("the input of a quantized layer is not quantized");

    private static double Double(ScriptContext context, ScriptValue value) => value switch
    {
        ScriptValue.Tensor t when context.Item(t) is { IsNumber: true } known => ScriptValues.Number(known),
        _ when value.Known() is { } known => ScriptValues.Number(known),
        _ => throw new InvalidOperationException("a scale known only at run time"),
    };

    private static long Int(ScriptContext context, ScriptValue value) => (long)Double(context, value);
}
