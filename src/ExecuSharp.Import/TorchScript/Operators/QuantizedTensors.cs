using ExecuSharp.Core;
using ExecuSharp.Import.Functional;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Quantized tensors as quantize and dequantize nodes.</summary>
internal static class QuantizedTensors
{
    /// <summary>The numbers of a quantized tensor; another tensor as it is.</summary>
    public static ScriptValue Dequantize(ScriptContext context, ScriptValue value)
    {
        if (value is not ScriptValue.Tensor { Quantization: { } q } tensor)
            return value is ScriptValue.List list ? new ScriptValue.List(list.Items.Select(i => Dequantize(context, i))) : value;
        var codes = context.Read(tensor);
        IGraphBuilder builder = context.Builder;
        if (q.Axis is not { } axis)
            return ScriptContext.Own(builder.Call("quantized_decomposed::dequantize_per_tensor", codes, q.Scales[0], q.ZeroPoints[0], q.Minimum, q.Maximum, q.Type));
        var scales = builder.Constant(Tensor.From<float>(Array.ConvertAll(q.Scales, s => (float)s), q.Scales.Length), "scales");
        var zeros = builder.Constant(Tensor.From<long>(q.ZeroPoints, q.ZeroPoints.Length), "zero_points");
        return ScriptContext.Own(builder.Call("quantized_decomposed::dequantize_per_channel", codes, scales, zeros, axis, q.Minimum, q.Maximum, q.Type));
    }

    /// <summary>Codes of a tensor with one scale.</summary>
    public static ScriptValue.Tensor Quantize(ScriptContext context, ScriptValue value, double scale, long zeroPoint, ScalarType type)
    {
        var q = new Quantization(Quantization.Codes(type), null, [scale], [zeroPoint]);
        var codes = ((IGraphBuilder)context.Builder).Call("quantized_decomposed::quantize_per_tensor", context.Read((ScriptValue.Tensor)value), scale, zeroPoint, q.Minimum, q.Maximum, q.Type);
        return new ScriptValue.Tensor(Functionalizer.Own(codes)) { Quantization = q };
    }

    /// <summary>A tensor quantized at run time to 8 bits over its own range, and back: what dynamic quantization does to activations.</summary>
    public static ScriptValue RoundTrip(ScriptContext context, ScriptValue value)
    {
        var x = context.Read((ScriptValue.Tensor)value);
        IGraphBuilder builder = context.Builder;
        // smallest scale of torch.quantize_per_tensor_dynamic: float epsilon
        var p = builder.CallMany("quantized_decomposed::choose_qparams.tensor", x, 0, 255, 1.1920928955078125e-07, ScalarType.Byte);
        var codes = builder.Call("quantized_decomposed::quantize_per_tensor.tensor", x, p[0], p[1], 0, 255, ScalarType.Byte);
        return ScriptContext.Own(builder.Call("quantized_decomposed::dequantize_per_tensor.tensor", codes, p[0], p[1], 0, 255, ScalarType.Byte));
    }
}
