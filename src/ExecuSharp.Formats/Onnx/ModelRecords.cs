namespace ExecuSharp.Formats.Onnx;

/// <summary>Models, graphs, nodes, functions and types from their messages.</summary>
internal static class ModelRecords
{
    public static ModelProto Model(WireReader r)
    {
        var model = new ModelProto();
        var opsets = new List<(string, long)>();
        var functions = new List<FunctionProto>();
        var metadata = new List<(string, string)>();
        while (r.Next())
            switch (r.Field)
            {
                case 1: model = model with { IrVersion = r.Int() }; break;
                case 2: model = model with { ProducerName = r.Text() }; break;
                case 3: model = model with { ProducerVersion = r.Text() }; break;
                case 7: model = model with { Graph = Graph(r.Message("graph")) }; break;
                case 8: opsets.Add(Opset(r.Message("opset_import", opsets.Count))); break;
                case 14: metadata.Add(TensorRecords.Entry(r.Message("metadata_props", metadata.Count))); break;
                case 25: functions.Add(Function(r.Message("functions", functions.Count))); break;
                default: r.Skip(); break;
            }
        return model with { OpsetImports = opsets, Functions = functions, Metadata = metadata };
    }

    public static GraphProto Graph(WireReader r)
    {
        string name = "";
        var nodes = new List<NodeProto>();
        var initializers = new List<TensorProto>();
        var sparse = new List<SparseTensorProto>();
        List<ValueInfoProto> inputs = [], outputs = [], infos = [];
        while (r.Next())
            switch (r.Field)
            {
                case 1: nodes.Add(Node(r.Message("node", nodes.Count), nodes.Count)); break;
                case 2: name = r.Text(); break;
                case 5: initializers.Add(TensorRecords.Tensor(r.Message("initializer", initializers.Count))); break;
                case 11: inputs.Add(ValueInfo(r.Message("input", inputs.Count))); break;
                case 12: outputs.Add(ValueInfo(r.Message("output", outputs.Count))); break;
                case 13: infos.Add(ValueInfo(r.Message("value_info", infos.Count))); break;
                case 15: sparse.Add(TensorRecords.Sparse(r.Message("sparse_initializer", sparse.Count))); break;
                default: r.Skip(); break;
            }
        return new GraphProto { Name = name, Nodes = nodes, Initializers = initializers, SparseInitializers = sparse, Inputs = inputs, Outputs = outputs, ValueInfos = infos };
    }

    private static NodeProto Node(WireReader r, int index)
    {
        string name = "", op = "", domain = "", overload = "";
        List<string> inputs = [], outputs = [];
        var attributes = new List<AttributeProto>();
        while (r.Next())
            switch (r.Field)
            {
                case 1: inputs.Add(r.Text()); break;
                case 2: outputs.Add(r.Text()); break;
                case 3: name = r.Text(); break;
                case 4: op = r.Text(); break;
                case 5: attributes.Add(Attribute(r.Message("attribute", attributes.Count))); break;
                case 7: domain = r.Text(); break;
                case 8: overload = r.Text(); break;
                default: r.Skip(); break;
            }
        return new NodeProto { Index = index, Name = name, OpType = op, Domain = Standard(domain), Overload = overload, Inputs = inputs, Outputs = outputs, Attributes = attributes };
    }

    private static AttributeProto Attribute(WireReader r)
    {
        var a = new AttributeProto();
        var floats = new List<float>();
        var ints = new List<long>();
        var strings = new List<ReadOnlyMemory<byte>>();
        var tensors = new List<TensorProto>();
        var graphs = new List<GraphProto>();
        while (r.Next())
            switch (r.Field)
            {
                case 1: a = a with { Name = r.Text() }; break;
                case 2: a = a with { Float = r.Float() }; break;
                case 3: a = a with { Int = r.Int() }; break;
                case 4: a = a with { Bytes = r.Bytes() }; break;
                case 5: a = a with { Tensor = TensorRecords.Tensor(r.Message("t")) }; break;
                case 6: a = a with { Graph = Graph(r.Message("g")) }; break;
                case 7: r.Floats(floats); break;
                case 8: r.Ints(ints); break;
                case 9: strings.Add(r.Bytes()); break;
                case 10: tensors.Add(TensorRecords.Tensor(r.Message("tensors", tensors.Count))); break;
                case 11: graphs.Add(Graph(r.Message("graphs", graphs.Count))); break;
                case 14: a = a with { TypeProto = Type(r.Message("tp")) }; break;
                case 20: a = a with { Type = (AttributeType)r.Int() }; break;
                case 21: a = a with { ReferenceName = r.Text() }; break;
                case 22: a = a with { SparseTensor = TensorRecords.Sparse(r.Message("sparse_tensor")) }; break;
                default: r.Skip(); break;
            }
        return a with { Floats = floats, Ints = ints, Strings = strings, Tensors = tensors, Graphs = graphs };
    }

    private static FunctionProto Function(WireReader r)
    {
        var f = new FunctionProto();
        List<string> inputs = [], outputs = [], names = [];
        var defaults = new List<AttributeProto>();
        var nodes = new List<NodeProto>();
        var opsets = new List<(string, long)>();
        while (r.Next())
            switch (r.Field)
            {
                case 1: f = f with { Name = r.Text() }; break;
                case 4: inputs.Add(r.Text()); break;
                case 5: outputs.Add(r.Text()); break;
                case 6: names.Add(r.Text()); break;
                case 7: nodes.Add(Node(r.Message("node", nodes.Count), nodes.Count)); break;
                case 9: opsets.Add(Opset(r.Message("opset_import", opsets.Count))); break;
                case 10: f = f with { Domain = Standard(r.Text()) }; break;
                case 11: defaults.Add(Attribute(r.Message("attribute_proto", defaults.Count))); break;
                case 13: f = f with { Overload = r.Text() }; break;
                default: r.Skip(); break;
            }
        return f with { Inputs = inputs, Outputs = outputs, Attributes = names, AttributeDefaults = defaults, Nodes = nodes, OpsetImports = opsets };
    }

    private static (string, long) Opset(WireReader r)
    {
        string domain = "";
        long version = 0;
        while (r.Next())
            switch (r.Field)
            {
                case 1: domain = r.Text(); break;
                case 2: version = r.Int(); break;
                default: r.Skip(); break;
            }
        return (Standard(domain), version);
    }

    private static ValueInfoProto ValueInfo(WireReader r)
    {
        string name = "";
        TypeProto? type = null;
        while (r.Next())
            switch (r.Field)
            {
                case 1: name = r.Text(); break;
                case 2: type = Type(r.Message("type")); break;
                default: r.Skip(); break;
            }
        return new ValueInfoProto(name, type);
    }

    private static TypeProto Type(WireReader r)
    {
        var type = new TypeProto();
        while (r.Next())
            switch (r.Field)
            {
                case 1: type = TensorType(r.Message("tensor_type"), OnnxTypeKind.Tensor); break;
                case 4: type = ElementOf(r.Message("sequence_type"), OnnxTypeKind.Sequence); break;
                case 5: type = new TypeProto { Kind = OnnxTypeKind.Map }; r.Skip(); break;
                case 8: type = TensorType(r.Message("sparse_tensor_type"), OnnxTypeKind.SparseTensor); break;
                case 9: type = ElementOf(r.Message("optional_type"), OnnxTypeKind.Optional); break;
                default: r.Skip(); break;
            }
        return type;
    }

    private static TypeProto ElementOf(WireReader r, OnnxTypeKind kind)
    {
        TypeProto? element = null;
        while (r.Next())
            if (r.Field == 1)
                element = Type(r.Message("elem_type"));
            else
                r.Skip();
        return new TypeProto { Kind = kind, Element = element };
    }

    private static TypeProto TensorType(WireReader r, OnnxTypeKind kind)
    {
        var type = new TypeProto { Kind = kind };
        while (r.Next())
            switch (r.Field)
            {
                case 1: type = type with { ElementType = (OnnxDataType)r.Int() }; break;
                case 2: type = type with { Shape = Shape(r.Message("shape")) }; break;
                default: r.Skip(); break;
            }
        return type;
    }

    private static List<DimensionProto> Shape(WireReader r)
    {
        var dims = new List<DimensionProto>();
        while (r.Next())
            if (r.Field == 1)
                dims.Add(Dimension(r.Message("dim", dims.Count)));
            else
                r.Skip();
        return dims;
    }

    private static DimensionProto Dimension(WireReader r)
    {
        long? value = null;
        string symbol = "";
        while (r.Next())
            switch (r.Field)
            {
                case 1: value = r.Int(); break;
                case 2: symbol = r.Text(); break;
                default: r.Skip(); break;
            }
        return new DimensionProto(value, symbol);
    }

    // "ai.onnx" is another spelling of the standard domain.
    private static string Standard(string domain) => domain == "ai.onnx" ? "" : domain;
}
