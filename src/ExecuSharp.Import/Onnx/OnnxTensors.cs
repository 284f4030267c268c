using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;

namespace ExecuSharp.Import.Onnx;

/// <summary>
/// ONNX tensors in the element types that imported graphs use. Types without kernels are carried by value in a wider one: uint16 in int32, uint32 and
/// uint64 in int64, 2-bit and 4-bit integers in 8 bits, floats of 4 and 8 bits in float.
/// </summary>
public static class OnnxTensors
{
    /// <summary>The element type that carries an ONNX type; null for text and complex numbers.</summary>
    public static ScalarType? CarrierOf(OnnxDataType type) => ElementTypes.Carrier(type);

    /// <summary>A tensor of an ONNX file. Native types are not copied.</summary>
    /// <exception cref="ModelFormatException">The tensor is broken or of a type that nothing carries.</exception>
    public static Tensor Decode(TensorProto tensor, IExternalFiles? external = null) => TensorDecoder.Decode(tensor, external);
}
