using ExecuSharp.Core;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Functional;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.Pt2;

/// <summary>Translates the calls of one graph. Names that the source gives to tensors and numbers are looked up here.</summary>
internal sealed class GraphImporter
{
    private readonly Pt2Graph graph;
    private readonly HashSet<string> used;
    private readonly Dictionary<string, TensorHandle> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Argument> numbers = new(StringComparer.Ordinal);

    public GraphImporter(GraphBuilder builder, Pt2Graph graph, SymbolTable symbols, List<UnsupportedItem> problems)
    {
        (Builder, this.graph, Symbols, Problems) = (builder, graph, symbols, problems);
        Functional = new Functionalizer(builder, OperatorTable.Default);
        used = [.. graph.Nodes.SelectMany(n => n.Inputs).Select(i => i.Value).Concat(graph.Outputs).SelectMany(Names).OfType<string>()];
    }

    public GraphBuilder Builder { get; }

    public SymbolTable Symbols { get; }

    public List<UnsupportedItem> Problems { get; }

    public Functionalizer Functional { get; }

    public TensorHandle BindTensor(string name, Value value) => tensors[name] = Functionalizer.Own(value);

    public void BindTensor(string name, TensorHandle handle) => tensors[name] = handle;

    public void BindNumber(string name, Argument number) => numbers[name] = number;

    public Pt2TensorMeta Meta(string name) => graph.TensorValues.TryGetValue(name, out var meta) ? meta : throw new ModelFormatException($"tensor {name}", "its type and sizes", "none");

    /// <summary>Translates every call.</summary>
    public void Run()
    {
        foreach (var node in graph.Nodes)
        {
            Builder.Scope = node.Name ?? node.Outputs.SelectMany(Names).FirstOrDefault();
            try
            {
                Translate(node);
            }
            catch (UnsupportedModelException e)
            {
                Problems.AddRange(e.Items.Where(i => !Problems.Contains(i)));
                Substitute(node);
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or DivideByZeroException or FormatException)
            {
                Problems.Add(new UnsupportedItem($"operator {node.OperatorName ?? node.Target}", Builder.Scope ?? node.Target, e.Message));
                Substitute(node);
            }
        }
        Builder.Scope = null;
    }

    /// <summary>An argument as one of the new graph: names become values, read now.</summary>
    public Argument Resolve(Pt2Argument argument) => argument switch
    {
        Pt2Argument.Tensor t => Functional.Read(Handle(t.Name)),
        Pt2Argument.OptionalTensor t => t.Name is null ? Argument.None : Functional.Read(Handle(t.Name)),
        Pt2Argument.Tensors t => t.Names.Select(n => (Argument)Functional.Read(Handle(n))).ToArray(),
        Pt2Argument.OptionalTensors t => t.Names.Select(n => n is null ? Argument.None : Functional.Read(Handle(n))).ToArray(),
        Pt2Argument.SymInt s => Number(s.Value),
        Pt2Argument.SymInts s => s.Values.Select(Number).ToArray(),
        Pt2Argument.SymFloat s => s.Value.Name is { } name ? NumberOf(name) : s.Value.Value,
        Pt2Argument.SymBool s => s.Value.Name is { } name ? NumberOf(name) : s.Value.Value,
        Pt2Argument.SymFloats s => s.Values.Select(v => v.Name is { } name ? NumberOf(name) : v.Value).ToArray(),
        _ => Literal(argument) ?? throw new InvalidOperationException($"arguments of the kind {argument.GetType().Name} are not supported"),
    };

    /// <summary>A literal, or null if the argument is none.</summary>
    public static Argument? Literal(Pt2Argument argument) => argument switch
    {
        Pt2Argument.None => Argument.None,
        Pt2Argument.Int i => i.Value,
        Pt2Argument.Ints i => i.Values.ToArray(),
        Pt2Argument.Float f => f.Value,
        Pt2Argument.Floats f => f.Values.ToArray(),
        Pt2Argument.Bool b => b.Value,
        Pt2Argument.Bools b => b.Values.Select(v => (Argument)v).ToArray(),
        Pt2Argument.String s => s.Value,
        Pt2Argument.DType d => d.Value,
        Pt2Argument.Device d => d.Value.Type,
        Pt2Argument.Layout => 0L,
        // c10::MemoryFormat: contiguous 0, preserve 1, channels last 2, channels last 3d 3
        Pt2Argument.MemoryFormat m => m.Value switch
        {
            Pt2MemoryFormat.ChannelsLast => 2L,
            Pt2MemoryFormat.ChannelsLast3d => 3L,
            Pt2MemoryFormat.Preserve => 1L,
            _ => 0L,
        },
        Pt2Argument.SymInt { Value: { Name: null } v } => v.Value,
        Pt2Argument.SymFloat { Value: { Name: null } v } => v.Value,
        Pt2Argument.SymBool { Value: { Name: null } v } => v.Value,
        _ => null,
    };

    /// <summary>The tensor object behind an argument, or null.</summary>
    public TensorHandle? HandleOf(Pt2Argument argument) => argument switch
    {
        Pt2Argument.Tensor t => Handle(t.Name),
        Pt2Argument.OptionalTensor { Name: { } name } => Handle(name),
        _ => null,
    };

    /// <summary>The names that an output defines, in order; null for one that is not used.</summary>
    public static IEnumerable<string?> Names(Pt2Argument output) => output switch
    {
        Pt2Argument.Tensor t => [t.Name],
        Pt2Argument.OptionalTensor t => [t.Name],
        Pt2Argument.Tensors t => t.Names,
        Pt2Argument.OptionalTensors t => t.Names,
        Pt2Argument.SymInt s => [s.Value.Name],
        Pt2Argument.SymFloat s => [s.Value.Name],
        Pt2Argument.SymBool s => [s.Value.Name],
        Pt2Argument.SymInts s => s.Values.Select(v => v.Name),
        Pt2Argument.None => [null],
        _ => [],
    };

    /// <summary>The name behind an argument, or null.</summary>
    public static string? NameOf(Pt2Argument argument) => Names(argument).FirstOrDefault();

    /// <summary>Gives names to the results of a call, in order.</summary>
    /// <param name="node">The call.</param>
    /// <param name="results">Its results.</param>
    /// <param name="check">The results must be of the recorded types and sizes.</param>
    public void BindResults(Pt2Node node, IReadOnlyList<FunctionalResult> results, bool check = true)
    {
        int next = 0;
        foreach (string? name in node.Outputs.SelectMany(Names))
        {
            if (next >= results.Count)
                break;
            var result = results[next++];
            if (name is null)
                continue;
            if (result.Tensor is { } tensor)
            {
                tensors[name] = tensor;
                if (check)
                    Check(name, Functional.Read(tensor).Spec);
            }
            else
            {
                numbers[name] = result.Number is { Size: { IsStatic: true } size } ? size.Value : result.Number!;
            }
        }
    }

    private void Translate(Pt2Node node)
    {
        if (node.Target.Contains("higher_order", StringComparison.Ordinal))
        {
            BindResults(node, new ControlFlowImporter(this).Call(node));
            return;
        }
        if (node.OperatorName is not { } op)
        {
            var number = PythonNumbers.Call(Builder, node.Target, [.. node.Inputs.Select(i => Resolve(i.Value))]);
            BindNumbers(node, number);
            return;
        }
        var definition = OperatorTable.Default.Find(op) ?? OperatorTable.Default.Find(FunctionalName(op));
        if (definition is null)
            throw new UnsupportedModelException(op, [new UnsupportedItem($"operator {op}", Builder.Scope ?? op, "it is not in the operator table")]);
        var (args, handles) = Arguments(node, definition);
        if (op is "aten::sym_size.int" && args[0].AsSpec().Sizes[Index(args)] is { IsStatic: true } size)
            BindNumbers(node, size.Value);
        else
            BindResults(node, Functional.Call(op, args, handles), op.StartsWith("aten::", StringComparison.Ordinal));
    }

    private static int Index(IReadOnlyList<Argument> args) => (int)(args[1].AsInt() < 0 ? args[1].AsInt() + args[0].AsSpec().Rank : args[1].AsInt());

    private static string FunctionalName(string op) => op switch
    {
        "aten::_batch_norm_with_update" => "aten::_batch_norm_with_update_functional",
        "aten::transpose_" => "aten::transpose.int",
        "aten::zero_" => "aten::zeros_like",
        "aten::copy_" => "aten::copy",
        "aten::detach_" => "aten::detach",
        _ => InPlaceOperators.Functional(op) ?? op,
    };

    private (Argument[] Args, TensorHandle?[] Handles) Arguments(Pt2Node node, OperatorDefinition definition)
    {
        var schema = definition.Schema.Arguments;
        int last = -1;
        var given = new Dictionary<int, Pt2Argument>();
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            int index = definition.Schema.IndexOf(node.Inputs[i].Name);
            if (index < 0)
                index = node.Inputs[i].Name is "self" or "input" && i == 0 ? 0
                    : node.Inputs[i].Name is "device" or "layout" or "pin_memory" or "memory_format" or "non_blocking" or "generator" ? -1
                    : throw new InvalidOperationException($"{definition.Name} has no argument {node.Inputs[i].Name}");
            if (index >= 0)
                given[index] = node.Inputs[i].Value;
            last = Math.Max(last, index);
        }
        var args = new Argument[last + 1];
        var handles = new TensorHandle?[last + 1];
        for (int i = 0; i <= last; i++)
        {
            if (given.TryGetValue(i, out var value))
                (args[i], handles[i]) = (Resolve(value), HandleOf(value));
            else
                args[i] = schema[i].Default ?? (schema[i].Optional ? Argument.None : throw new InvalidOperationException($"{definition.Name}: argument {schema[i].Name} is missing"));
        }
        return (args, handles);
    }

    private void BindNumbers(Pt2Node node, Argument number)
    {
        foreach (string? name in node.Outputs.SelectMany(Names))
            if (name is not null)
                numbers[name] = number.IsValue && number.AsValue().Size is { IsStatic: true } size ? size.Value : number;
    }

    private void Check(string name, TensorSpec spec)
    {
        if (!used.Contains(name) || !graph.TensorValues.TryGetValue(name, out var meta))
            return;
        bool fits = meta.Type == spec.Type && meta.Sizes.Count == spec.Rank;
        for (int i = 0; fits && i < spec.Rank; i++)
            fits = meta.Sizes[i].Value is not { } size || !spec.Sizes[i].IsStatic || size == spec.Sizes[i].Value;
        if (!fits)
            throw new InvalidOperationException($"the result {name} is {meta.Type.Name()}[{string.Join(", ", meta.Sizes)}] in the file, its rule gives {spec}");
    }

    /// <summary>After a failure: values of the recorded types, so that what follows can be checked too.</summary>
    private void Substitute(Pt2Node node)
    {
        foreach (string? name in node.Outputs.SelectMany(Names))
        {
            if (name is null)
                continue;
            if (graph.TensorValues.TryGetValue(name, out var meta))
                tensors[name] = Functionalizer.Own(Builder.NewValue(name, new TensorSpec(meta.Type, Symbols.Sizes(meta.Sizes))));
            else
                numbers[name] = Builder.NewValue(name, ValueKind.Int);
        }
    }

    private TensorHandle Handle(string name) =>
        tensors.TryGetValue(name, out var handle) ? handle : throw new ModelFormatException($"tensor {name}", "a call or input that makes it", "none before its use");

    private Argument Number(Pt2IntArgument value) => value.Name is { } name ? NumberOf(name) : value.Value;

    private Argument NumberOf(string name) =>
        numbers.TryGetValue(name, out var number) ? number : throw new ModelFormatException($"number {name}", "a call or input that makes it", "none before its use");
}
