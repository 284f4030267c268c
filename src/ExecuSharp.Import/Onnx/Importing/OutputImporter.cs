using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Makes the outputs of the program and holds them against what the model declares.</summary>
internal static class OutputImporter
{
    public static void Add(Aten aten, GraphBuilder graph, ValueInfoProto declared, OnnxValue value, bool checkSizes)
    {
        string place = $"model.graph.output \"{declared.Name}\"";
        switch (value)
        {
            case OnnxValue.OfTensor tensor:
                if (declared.Type is { Kind: OnnxTypeKind.Tensor } type)
                    Check(type, tensor, place, checkSizes);
                graph.Output(tensor.Value, declared.Name);
                break;
            case OnnxValue.OfDims dims:
                graph.Output(Dims.Materialize(aten, dims), declared.Name);
                break;
            case OnnxValue.OfSequence sequence:
                for (int i = 0; i < sequence.Items.Count; i++)
                    Add(aten, graph, new ValueInfoProto($"{declared.Name}.{i}", null), sequence.Items[i], checkSizes);
                break;
            case OnnxValue.OfOptional { Item: { } item }:
                Add(aten, graph, declared with { Type = null }, item, checkSizes);
                break;
            case OnnxValue.OfOptional:
                break;
            default:
                throw new InvalidOperationException();
        }
    }

    private static void Check(TypeProto declared, OnnxValue.OfTensor found, string place, bool checkSizes)
    {
        if (declared.ElementType != OnnxDataType.Undefined && declared.ElementType != found.Type)
            throw new ModelFormatException(place, $"elements of type {declared.ElementType}, as declared", $"{found.Type}");
        if (declared.Shape is null || !checkSizes)
            return;
        var sizes = found.Value.Spec.Sizes;
        bool fits = sizes.Length == declared.Shape.Count;
        for (int i = 0; fits && i < sizes.Length; i++)
            fits = declared.Shape[i].Value is not { } d || !sizes[i].IsStatic || d == sizes[i].Value || d <= 0;
        if (!fits)
            throw new ModelFormatException(place, $"sizes [{string.Join(", ", declared.Shape)}], as declared", $"[{string.Join(", ", sizes)}]");
    }
}
