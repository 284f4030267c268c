using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.Onnx;

/// <summary>Imports one model: its inputs, its graph, its outputs.</summary>
internal sealed class ModelImporter
{
    private const int OldestIr = 1;
    private const int NewestIr = 14;

    private readonly ModelProto model;
    private readonly IExternalFiles? external;
    private readonly string name;
    private GraphBuilder graph;
    private Dictionary<object, OnnxValue> constants = new(ReferenceEqualityComparer.Instance);
    private readonly List<UnsupportedItem> unsupported = [];
    private int turns;
    private readonly Dictionary<(string, string), FunctionProto> functions = [];

    public ModelImporter(ModelProto model, OnnxImportOptions options, IExternalFiles? external, string name)
    {
        this.model = model;
        this.external = external;
        this.name = name;
        Options = options;
        graph = new GraphBuilder(options.MethodName);
        Aten = new Aten(new FoldingBuilder(graph, OperatorTable.Default, options.MaxNodes));
        foreach (var f in model.Functions)
            functions[(f.Domain, f.Name)] = f;
    }

    public OnnxImportOptions Options { get; }

    public Aten Aten { get; private set; }

    public Graph Run()
    {
        if (model.IrVersion is < OldestIr or > NewestIr)
            throw new ModelFormatException("model.ir_version", $"a version from {OldestIr} to {NewestIr}", $"{model.IrVersion}");
        var body = model.Graph ?? throw new ModelFormatException("model", "a graph", "none");
        if (body.Outputs.Count == 0)
            throw new ModelFormatException("model.graph", "at least one output", "none");
        var scope = new Scope(null, Opsets(model.OpsetImports, "model"), null, "");
        var initializers = Initializers(body, scope, "model.graph");
        new InputImporter(this, graph).Import(body, scope, initializers, model.IrVersion);
        Nodes(body.Nodes, body.Outputs.Select(o => o.Name), scope);
        var results = body.Outputs.Select(o => scope.Find(o.Name)
            ?? throw new ModelFormatException($"model.graph.output \"{o.Name}\"", "a name that a node writes", "none")).ToArray();
        if (unsupported.Count > 0)
            throw new UnsupportedModelException(name, unsupported);
        // Declared sizes of a model with open inputs are often those of one example.
        bool checkSizes = body.Inputs.All(i => i.Type is not { Kind: OnnxTypeKind.Tensor } t || t.Shape?.All(d => d.Value is not null) == true);
        for (int i = 0; i < results.Length; i++)
            OutputImporter.Add(Aten, graph, body.Outputs[i], results[i], checkSizes);
        return Rewriter.RemoveDeadCode(graph.Build());
    }

    /// <summary>Translates the nodes that the outputs need.</summary>
    public void Nodes(IReadOnlyList<NodeProto> nodes, IEnumerable<string> outputs, Scope scope)
    {
        foreach (var node in NodeOrder.Of(nodes, outputs, scope.Place.Length == 0 ? "" : scope.Place + "/"))
            Translate(node, scope);
    }

    /// <summary>Translates the body of a control-flow node with its inputs bound by position.</summary>
    public OnnxValue[] Body(GraphProto body, IReadOnlyList<OnnxValue> inputs, Scope around, string place) => Body(body, inputs, around.Inner(place));

    /// <summary>The same in a scope that the caller made.</summary>
    public OnnxValue[] Body(GraphProto body, IReadOnlyList<OnnxValue> inputs, Scope scope)
    {
        if (inputs.Count > body.Inputs.Count)
            throw new ModelFormatException(scope.Place, $"{inputs.Count} inputs", $"{body.Inputs.Count}");
        Initializers(body, scope, scope.Place);
        for (int i = 0; i < inputs.Count; i++)
            scope.Set(body.Inputs[i].Name, inputs[i]);
        Nodes(body.Nodes, body.Outputs.Select(o => o.Name), scope);
        return [.. body.Outputs.Select(o => scope.Find(o.Name)
            ?? throw new ModelFormatException($"{scope.Place} output \"{o.Name}\"", "a name that a node writes", "none"))];
    }

    /// <summary>Counts a turn of an unrolled loop.</summary>
    public void CountTurn()
    {
        if (++turns > Options.MaxUnrolledTurns)
            throw new OnnxUnsupportedException($"loops of more than {Options.MaxUnrolledTurns} turns together");
    }

    /// <summary>Builds a graph of its own: everything translated meanwhile goes there.</summary>
    public void InGraph(GraphBuilder inner, Action translate)
    {
        var outer = (graph, Aten, constants);
        (graph, Aten, constants) = (inner, new Aten(new FoldingBuilder(inner, OperatorTable.Default, Options.MaxNodes)), new(ReferenceEqualityComparer.Instance));
        try
        {
            translate();
        }
        finally
        {
            (graph, Aten, constants) = outer;
        }
    }

    /// <summary>A weight or tensor attribute as a value; the same one every time.</summary>
    public OnnxValue.OfTensor Constant(TensorProto proto)
    {
        if (!constants.TryGetValue(proto, out var known))
        {
            var tensor = TensorDecoder.Decode(proto, external);
            constants[proto] = known = new OnnxValue.OfTensor(graph.Constant(tensor, proto.Name.Length == 0 ? "constant" : proto.Name), proto.DataType);
        }
        return (OnnxValue.OfTensor)known;
    }

    /// <summary>A weight given by its values other than zero.</summary>
    public OnnxValue.OfTensor Constant(SparseTensorProto sparse)
    {
        if (!constants.TryGetValue(sparse, out var known))
            constants[sparse] = known = new OnnxValue.OfTensor(graph.Constant(TensorDecoder.Decode(sparse, external), sparse.Values.Name), sparse.Values.DataType);
        return (OnnxValue.OfTensor)known;
    }

    public IExternalFiles? External => external;

    public void Unsupported(string what, string where, string why) => unsupported.Add(new UnsupportedItem(what, where, why));

    private void Translate(NodeProto node, Scope scope)
    {
        string where = Where(node, scope);
        var inputs = new OnnxValue?[node.Inputs.Count];
        bool skip = false;
        for (int i = 0; i < inputs.Length; i++)
        {
            if (node.Inputs[i].Length == 0)
                continue;
            inputs[i] = scope.Find(node.Inputs[i]) ?? throw new ModelFormatException(where, "inputs that the graph or a node gives", $"\"{node.Inputs[i]}\", which nothing writes");
            skip |= inputs[i] is OnnxValue.Unknown;
        }
        OnnxValue?[]? outputs = null;
        if (!skip)
        {
            graph.Scope = node.Name.Length > 0 ? node.Name : node.OpType;
            outputs = Apply(node, scope, inputs, where);
        }
        for (int i = 0; i < node.Outputs.Count; i++)
            if (node.Outputs[i].Length > 0)
                scope.Set(node.Outputs[i], outputs is null ? new OnnxValue.Unknown()
                    : i < outputs.Length && outputs[i] is { } value ? value
                    : throw new ModelFormatException(where, $"at most {outputs.Length} outputs", $"output {i} \"{node.Outputs[i]}\""));
    }

    private OnnxValue?[]? Apply(NodeProto node, Scope scope, OnnxValue?[] inputs, string where)
    {
        string what = node.Domain.Length == 0 ? node.OpType : $"{node.Domain}::{node.OpType}";
        try
        {
            if (functions.TryGetValue((node.Domain, node.OpType), out var function))
                return Call(function, node, scope, inputs, where);
            var row = OnnxOperatorTable.Find(node.Domain, node.OpType);
            if (row is null)
            {
                Unsupported($"operator {what}", where, "it is not in the importer's table");
                return null;
            }
            int opset = Opset(node, scope, where);
            // A model saved by ONNX Runtime imports its domain.
            var translate = row.For(row.WrittenByRuntime && scope.Opsets.ContainsKey("com.microsoft") ? Math.Max(opset, row.Since) : opset)
                ?? throw new ModelFormatException(where, $"an operator of opset {opset}", $"{what}, which exists from opset {row.Since}");
            var call = new OnnxNode(this, node, scope, inputs, opset, where);
            return node.Domain.Length == 0 && inputs.Any(i => i is OnnxValue.OfDims) && DimArithmetic.TryFold(call) is { } dims ? dims : translate(call);
        }
        catch (OnnxUnsupportedException e)
        {
            Unsupported($"operator {what}", where, e.Message);
            return null;
        }
        catch (UnsupportedModelException e)
        {
            foreach (var item in e.Items)
                Unsupported($"operator {what}", where, $"{item.What}: {item.Why}");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or DivideByZeroException or ExecuTorchException)
        {
            throw new ModelFormatException(where, $"inputs that fit {what}", e.Message, null, e);
        }
    }

    private OnnxValue?[] Call(FunctionProto function, NodeProto node, Scope scope, OnnxValue?[] inputs, string where)
    {
        int depth = 0;
        for (var s = scope; s is not null; s = s.Parent)
            if (++depth > 64)
                throw new ModelFormatException(where, "functions that call no more than 64 others in a chain", $"{function.Name}");
        var attributes = function.AttributeDefaults.ToDictionary(a => a.Name, StringComparer.Ordinal);
        foreach (var a in node.Attributes)
            if (OnnxNode.Resolve(a, scope.Attributes) is { } resolved)
                attributes[a.Name] = resolved;
        var opsets = new Dictionary<string, int>(scope.Opsets);
        foreach (var (domain, version) in Opsets(function.OpsetImports, where))
            opsets[domain] = version;
        // A function sees only its inputs; the outer scope is kept as parent of none.
        var inner = new Scope(null, opsets, attributes, scope.Place + (scope.Place.Length == 0 ? "" : "/") + function.Name);
        for (int i = 0; i < Math.Min(inputs.Length, function.Inputs.Count); i++)
            if (inputs[i] is { } value)
                inner.Set(function.Inputs[i], value);
        var nodes = DropMissing(function, inputs);
        Nodes(nodes, function.Outputs, inner);
        return [.. function.Outputs.Select(inner.Find)];
    }

    /// <summary>The function's nodes, with the names of inputs that the call leaves out made empty.</summary>
    private static IReadOnlyList<NodeProto> DropMissing(FunctionProto function, OnnxValue?[] inputs)
    {
        var missing = function.Inputs.Where((_, i) => i >= inputs.Length || inputs[i] is null).ToHashSet(StringComparer.Ordinal);
        return missing.Count == 0 ? function.Nodes
            : [.. function.Nodes.Select(n => n with { Inputs = [.. n.Inputs.Select(i => missing.Contains(i) ? "" : i)] })];
    }

    private static int Opset(NodeProto node, Scope scope, string where) => scope.Opsets.TryGetValue(node.Domain, out int version) ? version
        : node.Domain.StartsWith("com.microsoft", StringComparison.Ordinal) ? 1
        : throw new ModelFormatException(where, "an opset_import for each domain", $"none for \"{node.Domain}\"");

    private Dictionary<string, int> Opsets(IReadOnlyList<(string Domain, long Version)> imports, string where)
    {
        var opsets = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (domain, version) in imports)
        {
            if (version < 1 || (domain.Length == 0 && version > OnnxImporter.NewestOpset) || version > 1000)
                throw new ModelFormatException($"{where}.opset_import", $"versions from 1 to {OnnxImporter.NewestOpset} of the standard operator set", $"version {version} of \"{domain}\"");
            opsets[domain] = (int)version;
        }
        return opsets;
    }

    private HashSet<string> Initializers(GraphProto body, Scope scope, string where)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        void Add(string initializer, OnnxValue value)
        {
            if (!names.Add(initializer))
                throw new ModelFormatException($"{where}.initializer", "initializers with different names", $"\"{initializer}\" twice");
            scope.Set(initializer, value);
        }
        foreach (var proto in body.Initializers)
            Add(proto.Name, Constant(proto));
        foreach (var sparse in body.SparseInitializers)
            Add(sparse.Values.Name, Constant(sparse));
        return names;
    }

    private static string Where(NodeProto node, Scope scope) =>
        $"{(scope.Place.Length == 0 ? "" : scope.Place + "/")}node[{node.Index}] {node.OpType}{(node.Name.Length > 0 ? $" \"{node.Name}\"" : "")}";
}
