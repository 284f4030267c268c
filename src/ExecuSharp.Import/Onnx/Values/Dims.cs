using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Vectors of sizes.</summary>
internal static class Dims
{
    /// <summary>A constant if all sizes are fixed, else the sizes themselves.</summary>
    public static OnnxValue Of(Aten aten, Dim[] dims, bool scalar = false)
    {
        if (!Array.TrueForAll(dims, d => d.IsStatic))
            return new OnnxValue.OfDims(dims, scalar);
        long[] values = Array.ConvertAll(dims, d => d.Value);
        return OnnxNode.Natural(aten.Longs(values, scalar ? [] : [dims.Length]));
    }

    /// <summary>The sizes as an int64 tensor that is made at run time.</summary>
    public static Value Materialize(Aten aten, OnnxValue.OfDims dims)
    {
        var parts = Array.ConvertAll(dims.Dims, d => d.IsStatic
            ? aten.Constant(d.Value)
            : aten.Call("aten::full", (long[])[1], aten.SizeArgument(d, []), ScalarType.Long));
        var all = aten.Cat(0, parts);
        return dims.IsScalar ? aten.Single(all) : all;
    }
}
