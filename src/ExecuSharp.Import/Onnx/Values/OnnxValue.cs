using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>What a name of an ONNX graph stands for during import.</summary>
internal abstract record OnnxValue
{
    /// <summary>A tensor: an input, a constant, or the output of a node. Its element type is ONNX's; the graph holds the type that carries it.</summary>
    public sealed record OfTensor(Value Value, OnnxDataType Type) : OnnxValue;

    /// <summary>An int64 vector, or a single number, of sizes that are not all fixed.</summary>
    public sealed record OfDims(Dim[] Dims, bool IsScalar) : OnnxValue;

    /// <summary>A sequence; its length is known.</summary>
    public sealed record OfSequence(IReadOnlyList<OnnxValue> Items, OnnxDataType ElementType) : OnnxValue;

    /// <summary>A value, or nothing; which of both is known.</summary>
    public sealed record OfOptional(OnnxValue? Item) : OnnxValue;

    /// <summary>The output of a node that cannot be translated; what uses it is skipped.</summary>
    public sealed record Unknown : OnnxValue;
}
