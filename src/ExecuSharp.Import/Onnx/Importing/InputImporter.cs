using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Makes the inputs of the program: those of the model that are not frozen and no initializers.</summary>
internal sealed class InputImporter(ModelImporter importer, GraphBuilder graph)
{
    private readonly Dictionary<string, Dim> symbols = new(StringComparer.Ordinal);

    public void Import(GraphProto body, Scope scope, HashSet<string> initializers, long irVersion)
    {
        var options = importer.Options;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in body.Inputs)
        {
            string place = $"model.graph.input \"{input.Name}\"";
            if (!names.Add(input.Name))
                throw new ModelFormatException(place, "inputs with different names", "this name twice");
            var type = input.Type ?? throw new ModelFormatException(place, "a type", "none");
            if (options.Freeze.TryGetValue(input.Name, out var frozen))
                scope.Set(input.Name, Frozen(frozen, type, place));
            else if (!initializers.Contains(input.Name))
                scope.Set(input.Name, Make(input.Name, type, place));
        }
        foreach (string name in options.Freeze.Keys.Concat(options.InputShapes.Keys))
            if (!names.Contains(name))
                throw new ArgumentException($"the model has no input \"{name}\"; its inputs are {string.Join(", ", names)}");
        Shadowing(body, names, initializers, irVersion);
    }

    private static void Shadowing(GraphProto body, HashSet<string> inputs, HashSet<string> initializers, long irVersion)
    {
        foreach (var node in body.Nodes)
            foreach (string output in node.Outputs)
                if (output.Length > 0 && (inputs.Contains(output) || initializers.Contains(output)))
                    throw new ModelFormatException($"node[{node.Index}] {node.OpType} (IR version {irVersion})", "a name that nothing else writes", $"output \"{output}\", an input or initializer");
    }

    private OnnxValue Make(string name, TypeProto type, string place)
    {
        switch (type.Kind)
        {
            case OnnxTypeKind.Tensor:
                return Tensor(name, name, type, null, place);
            case OnnxTypeKind.Optional:
                return new OnnxValue.OfOptional(importer.Options.AbsentInputs.Contains(name) || type.Element is null ? null : Make(name, type.Element, place));
            case OnnxTypeKind.Sequence when type.Element?.Kind == OnnxTypeKind.Tensor:
                if (!importer.Options.SequenceShapes.TryGetValue(name, out var shapes))
                    throw new UnsupportedModelException(name, [new UnsupportedItem($"sequence input {name}", place, "its length and the sizes of its elements must be given")]);
                return new OnnxValue.OfSequence([.. shapes.Select((s, i) => Tensor(name, $"{name}.{i}", type.Element, s, place))], type.Element.ElementType);
            default:
                throw new UnsupportedModelException(name, [new UnsupportedItem($"input of type {type.Kind}", place, "inputs are tensors, or sequences of tensors")]);
        }
    }

    private OnnxValue.OfTensor Tensor(string name, string valueName, TypeProto type, IReadOnlyList<long>? shape, string place)
    {
        var carrier = Carrier(type, place);
        shape ??= importer.Options.InputShapes.GetValueOrDefault(name);
        if (shape is null && type.Shape is null)
            throw new UnsupportedModelException(name, [new UnsupportedItem($"input {name}", place, "its sizes are open and must be given")]);
        if (shape is not null && type.Shape is not null)
            Compare(shape, type.Shape, place);
        var dims = new Dim[shape?.Count ?? type.Shape!.Count];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = Size(name, i, shape?[i], type.Shape?[i], place);
        var value = graph.Input(valueName, new TensorSpec(carrier, dims));
        importer.Aten.Builder.Inputs.Add(value);
        return new OnnxValue.OfTensor(value, type.ElementType);
    }

    private Dim Size(string name, int index, long? given, DimensionProto? declared, string place)
    {
        if (importer.Options.Dynamic.TryGetValue((name, index), out var range))
        {
            string symbol = declared is { Symbol.Length: > 0 } ? declared.Symbol : $"{name}.{index}";
            return symbols.TryGetValue(symbol, out var known) ? known : symbols[symbol] = new Dim(new SymExpr.Symbol(symbol, range.Min, range.Max));
        }
        long size = given ?? declared?.Value ?? importer.Options.DefaultDimension
            ?? throw new UnsupportedModelException(name, [new UnsupportedItem($"input {name}", place, $"size {index} ({declared}) is open and must be given")]);
        return size is >= 0 and <= int.MaxValue ? size : throw new ModelFormatException(place, "sizes from 0 to 2^31 - 1", $"{size}");
    }

    private static void Compare(IReadOnlyList<long> given, IReadOnlyList<DimensionProto> declared, string place)
    {
        bool fits = given.Count == declared.Count;
        for (int i = 0; fits && i < given.Count; i++)
            fits = declared[i].Value is not { } d || d == given[i] || d <= 0;
        if (!fits)
            throw new ModelFormatException(place, $"sizes that fit the model's [{string.Join(", ", declared)}]", $"[{string.Join(", ", given)}]");
    }

    private OnnxValue Frozen(Tensor tensor, TypeProto type, string place)
    {
        if (type.Kind == OnnxTypeKind.Optional && type.Element is not null)
            return new OnnxValue.OfOptional(Frozen(tensor, type.Element, place));
        if (type.Kind != OnnxTypeKind.Tensor || Carrier(type, place) != tensor.Type)
            throw new ModelFormatException(place, $"a value of type {type.ElementType}", $"{tensor}");
        return new OnnxValue.OfTensor(graph.Constant(tensor, "frozen"), type.ElementType);
    }

    private static ScalarType Carrier(TypeProto type, string place) => type.ElementType.IsKnown()
        ? ElementTypes.Carrier(type.ElementType)
            ?? throw new UnsupportedModelException(place, [new UnsupportedItem($"elements of type {type.ElementType}", place, "the runtime computes with numbers only")])
        : throw new ModelFormatException(place, "a data type from 1 to 26", $"{(int)type.ElementType}");
}
