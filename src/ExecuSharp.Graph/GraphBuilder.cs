using System.Globalization;
using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Graphs;

/// <summary>Makes a <see cref="Graph"/>. Unknown operators are collected and reported together by <see cref="Build"/>.</summary>
public sealed class GraphBuilder(string name, OperatorTable? operators = null) : IGraphBuilder
{
    private readonly OperatorTable operators = operators ?? OperatorTable.Default;
    private readonly List<GraphInput> inputs = [];
    private readonly Dictionary<Value, GraphConstant> constants = new(ReferenceEqualityComparer.Instance);
    private readonly List<Node> nodes = [];
    private readonly List<GraphOutput> outputs = [];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> counters = new(StringComparer.Ordinal);

    /// <summary>Structure of the inputs as PyTorch's tree specification.</summary>
    public string? InputTree { get; set; }

    /// <summary>Structure of the outputs.</summary>
    public string? OutputTree { get; set; }

    /// <summary>The name of the source node that is being translated; new nodes are named after it.</summary>
    public string? Scope { get; set; }

    /// <summary>Nodes so far.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>Outputs so far.</summary>
    public IReadOnlyList<GraphOutput> Outputs => outputs;

    /// <summary>Adds a tensor input.</summary>
    public Value Input(string inputName, TensorSpec spec)
    {
        var value = new Value(Unique(inputName), spec);
        inputs.Add(new GraphInput(value, inputName));
        return value;
    }

    /// <summary>Adds an input that is a number or text, fixed at <paramref name="literal"/>.</summary>
    public Value LiteralInput(string inputName, ValueKind kind, Argument literal)
    {
        var value = new Value(Unique(inputName), kind, literal.IsInt ? new Dim(literal.AsInt()) : null);
        inputs.Add(new GraphInput(value, inputName, literal));
        return value;
    }

    /// <summary>Adds an input that exists already, as from another graph.</summary>
    public void AddInput(GraphInput input)
    {
        names.Add(input.Value.Name);
        inputs.Add(input);
    }

    /// <summary>Adds a constant that exists already, as from another graph.</summary>
    public void AddConstant(Value value, GraphConstant constant)
    {
        names.Add(value.Name);
        constants[value] = constant;
    }

    /// <summary>Adds a node that exists already, as from another graph.</summary>
    public void AddNode(Node node)
    {
        foreach (var output in node.Outputs)
            names.Add(output.Name);
        nodes.Add(node);
    }

    /// <inheritdoc/>
    public Value Constant(Tensor tensor, string? constantName = null) => AddTensor(tensor, constantName, mutable: false);

    /// <summary>Adds a mutable buffer with its initial content.</summary>
    public Value Buffer(Tensor initial, string bufferName) => AddTensor(initial, bufferName, mutable: true);

    /// <inheritdoc/>
    public Tensor? ConstantOf(Value value) => constants.TryGetValue(value, out var c) && !c.IsMutable ? c.Tensor : null;

    /// <inheritdoc/>
    public Value[] CallMany(string op, params Argument[] args)
    {
        var definition = operators.Find(op)
            ?? throw new UnsupportedModelException(name, [new UnsupportedItem($"operator {op}", Scope ?? name, "it is not in the operator table")]);
        return Add(definition, Complete(definition, args));
    }

    /// <summary>Adds a call of a known operator with complete arguments; output specs come from its shape rule.</summary>
    public Value[] Add(OperatorDefinition definition, IReadOnlyList<Argument> args)
    {
        if (KernelLimits.Adapt(definition.Name, this, args) is { } adapted)
            return adapted;
        if (definition.Shape is null && definition.Decompose is null && NumberRules.GivesNumber(definition.Schema))
            return [AddNumber(definition, args)];
        if (definition.Shape is null)
            return definition.Decompose?.Invoke(this, args) ?? throw new InvalidOperationException($"{definition.Name} has neither a shape rule nor a decomposition that fits these arguments");
        TensorSpec[] specs;
        try
        {
            specs = definition.Shape(args);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or DivideByZeroException or ExecuTorchException)
        {
            throw new InvalidOperationException($"{Scope ?? name}: {definition.Name}({string.Join(", ", args)}): {e.Message}", e);
        }
        string baseName = Scope ?? definition.Name[(definition.Name.IndexOf("::", StringComparison.Ordinal) + 2)..].Replace('.', '_');
        var values = new Value[specs.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = new Value(Unique(specs.Length == 1 ? baseName : $"{baseName}.{i}"), specs[i]);
        nodes.Add(new Node(values.Length > 0 ? values[0].Name : Unique(baseName), definition, args, values));
        return values;
    }

    /// <summary>Adds a call whose outputs are given: numbers known only at run time, or specs of the source model.</summary>
    public void Add(OperatorDefinition definition, IReadOnlyList<Argument> args, params Value[] results) =>
        nodes.Add(new Node(results.Length > 0 ? results[0].Name : Unique(definition.Name), definition, args, results));

    /// <summary>A new value with a unique name like <paramref name="hint"/>.</summary>
    public Value NewValue(string hint, TensorSpec spec) => new(Unique(hint), spec);

    /// <summary>A new run-time number with a unique name like <paramref name="hint"/>.</summary>
    public Value NewValue(string hint, ValueKind kind, Dim? size = null) => new(Unique(hint), kind, size);

    /// <summary>Adds an output for the caller.</summary>
    public void Output(Argument result, string outputName) => outputs.Add(new GraphOutput(result, outputName));

    /// <summary>Writes a value to a mutable buffer, or to an input, when the method ends.</summary>
    public void Mutate(Value buffer, Value result) => outputs.Add(new GraphOutput(result, buffer.Name, buffer));

    internal void AddOutput(GraphOutput output) => outputs.Add(output);

    /// <summary>Keeps the names of a node from being given to others.</summary>
    internal void Reserve(Node node)
    {
        foreach (var output in node.Outputs)
            names.Add(output.Name);
    }

    /// <summary>Drops the nodes from a position on.</summary>
    internal void Truncate(int count) => nodes.RemoveRange(count, nodes.Count - count);

    /// <summary>Ends the graph.</summary>
    public Graph Build() => new(name, inputs, constants, nodes, outputs) { InputTree = InputTree, OutputTree = OutputTree };

    /// <summary>Puts arguments into schema order with defaults for those missing at the end; a number for a list becomes a list.</summary>
    /// <exception cref="InvalidOperationException">Too many arguments, or one without default is missing.</exception>
    public static Argument[] Complete(OperatorDefinition definition, IReadOnlyList<Argument> args)
    {
        var schema = definition.Schema.Arguments;
        if (args.Count > schema.Count)
            throw new InvalidOperationException($"{definition.Name} takes {schema.Count} arguments, {args.Count} were given");
        var complete = new Argument[schema.Count];
        for (int i = 0; i < complete.Length; i++)
        {
            var argument = i < args.Count ? args[i] : schema[i].Default
                ?? (schema[i].Optional ? Argument.None : throw new InvalidOperationException($"{definition.Name}: argument {schema[i].Name} is missing"));
            if (schema[i].Type is ArgumentType.IntList && (argument.IsInt || (argument.IsValue && argument.AsValue().Kind == ValueKind.Int)))
                argument = Enumerable.Repeat(argument, Math.Max(schema[i].ListSize, 1)).ToArray();
            complete[i] = argument;
        }
        return complete;
    }

    private Value AddNumber(OperatorDefinition definition, IReadOnlyList<Argument> args)
    {
        var (kind, size) = NumberRules.Result(definition.Name, args);
        var value = NewValue(Scope ?? definition.Name[(definition.Name.IndexOf("::", StringComparison.Ordinal) + 2)..].Replace('.', '_'), kind, size);
        Add(definition, args, value);
        return value;
    }

    private Value AddTensor(Tensor tensor, string? constantName, bool mutable)
    {
        var value = new Value(Unique(constantName ?? "constant"), TensorSpec.Of(tensor));
        constants.Add(value, new GraphConstant(tensor, constantName ?? value.Name, mutable));
        return value;
    }

    private string Unique(string hint)
    {
        if (names.Add(hint))
            return hint;
        counters.TryGetValue(hint, out int n);
        string candidate;
        do
            candidate = hint + "_" + (++n).ToString(CultureInfo.InvariantCulture);
        while (!names.Add(candidate));
        counters[hint] = n;
        return candidate;
    }
}
