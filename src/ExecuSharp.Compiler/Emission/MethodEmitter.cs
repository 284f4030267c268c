using ExecuSharp.Compiler.Memory;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Compiler.Emission;

/// <summary>Writes a graph as a method: value slots, instructions in graph order, planned memory.</summary>
internal sealed class MethodEmitter
{
    // XNNPACK reads up to 16 bytes past the end of its inputs.
    private const int OverReadBytes = 64;

    private readonly Graph graph;
    private readonly SegmentPool pool;
    private readonly List<ExternalTensor>? external;
    private readonly ViewAliases aliases;
    private readonly SlotTable slots = new();
    private readonly Dictionary<Value, int> slotOf = new();
    private readonly List<PteInstruction> instructions = [];
    private readonly List<PteOperator> operators = [];
    private readonly Dictionary<string, int> operatorIndex = new(StringComparer.Ordinal);
    private readonly List<PteDelegate> delegates = [];
    private readonly Dictionary<Value, (int First, int Last)> lifetimes = new();
    private readonly Dictionary<int, Value> planned = new();

    public MethodEmitter(Graph graph, SegmentPool pool, List<ExternalTensor>? external)
    {
        this.graph = graph;
        this.pool = pool;
        this.external = external;
        aliases = new ViewAliases(graph);
    }

    public PteMethod Emit()
    {
        var inputs = graph.Inputs.Select(Input).ToArray();
        foreach (var (value, constant) in graph.Constants)
            if (constant.IsMutable)
                Slot(value);
        foreach (var node in graph.Nodes)
            if (!aliases.IsElided(node))
                Emit(node);
        foreach (var output in graph.Outputs)
            if (output.MutatedBuffer is { } buffer)
                CopyBack(buffer, output.Result);
        var outputs = graph.Outputs.Where(o => o.MutatedBuffer is null).Select(o => Output(o.Result)).ToArray();
        long bytes = PlanMemory();
        return new PteMethod
        {
            Name = graph.Name,
            InputTree = graph.InputTree ?? TreeOf(inputs.Length),
            OutputTree = graph.OutputTree ?? TreeOf(outputs.Length),
            Values = slots.Slots,
            Inputs = inputs,
            Outputs = outputs,
            Chains = [new PteChain(instructions)],
            Operators = operators,
            Delegates = delegates,
            // A tensor without elements has a place in the arena too, so there is one.
            MemorySizes = planned.Count == 0 ? [0] : [0, Math.Max(bytes, GreedyMemoryPlanner.Alignment) + (delegates.Count > 0 ? OverReadBytes : 0)],
        };
    }

    private static string TreeOf(int leaves)
    {
        const string Leaf = "{\"type\": null, \"context\": null, \"children_spec\": []}";
        return "[1, {\"type\": \"builtins.tuple\", \"context\": \"null\", \"children_spec\": [" + string.Join(", ", Enumerable.Repeat(Leaf, leaves)) + "]}]";
    }

    private int Input(GraphInput input)
    {
        if (input.Literal is { } literal)
        {
            int slot = slots.Add(literal.Payload switch
            {
                null => new PteValue.Null(),
                long i => new PteValue.Int(i),
                double d => new PteValue.Double(d),
                bool b => new PteValue.Bool(b),
                string s => new PteValue.String(s),
                _ => throw new InvalidOperationException($"input {input.Name} is fixed at {literal}, which a program cannot hold"),
            });
            slotOf[input.Value] = slot;
            return slot;
        }
        lifetimes[input.Value] = (-1, -1);
        return Slot(input.Value);
    }

    private int Output(Argument result)
    {
        if (result.IsValue)
            Touch(result.AsValue(), instructions.Count + 1);
        return ArgumentSlot(result, null);
    }

    private void CopyBack(Value buffer, Argument result)
    {
        Touch(result.AsValue(), instructions.Count);
        Touch(buffer, instructions.Count + 1);
        int to = Slot(buffer), from = Slot(result.AsValue());
        instructions.Add(new PteInstruction.KernelCall(OperatorIndex("aten::copy_"), [to, from, slots.Bool(false), to]));
    }

    private void Emit(Node node)
    {
        int at = instructions.Count;
        foreach (var value in node.Inputs)
            Touch(value, at);
        foreach (var value in node.Outputs)
            if (value.Kind == ValueKind.Tensor)
                lifetimes[aliases.Root(value)] = (at, at);
        if (ReferenceEquals(node.Operator, DelegatePayload.Operator))
        {
            var payload = node.Args[1].AsObject<DelegatePayload>();
            int[] args = [.. node.Args[0].AsList().Select(a => Slot(a.AsValue())), .. node.Outputs.Select(Slot)];
            delegates.Add(new PteDelegate(payload.BackendId, true, (uint)pool.Payload(payload), []));
            instructions.Add(new PteInstruction.DelegateCall(delegates.Count - 1, args));
            return;
        }
        instructions.Add(new PteInstruction.KernelCall(OperatorIndex(node.Operator.OutName!), KernelArgs(node)));
    }

    private List<int> KernelArgs(Node node)
    {
        var schema = node.Operator.Schema;
        var args = schema.KernelArguments.Select(i => ArgumentSlot(node.Args[i], schema.Arguments[i])).ToList();
        var outs = node.Outputs.Select(Slot).ToList();
        if (node.Operator.IsBuiltin)
            args.AddRange(outs);
        else if (node.Operator.OutName == node.Operator.Name)
            args.Add(args[0]);
        else if (schema.Returns is ["Tensor[]"])
            args.AddRange(Enumerable.Repeat(slots.TensorList(outs), 2));
        else
        {
            args.AddRange(outs);
            args.Add(outs.Count == 1 ? outs[0] : slots.TensorList(outs));
        }
        return args;
    }

    private int ArgumentSlot(Argument argument, SchemaArgument? schema) => argument.Payload switch
    {
        null => slots.Null(),
        Value value => Slot(value),
        bool b when schema?.Type is ArgumentType.Int => slots.Int(b ? 1 : 0),
        long i when schema?.Type is ArgumentType.Double => slots.Double(i),
        long i when schema?.Type is ArgumentType.Bool => slots.Bool(i != 0),
        long i => slots.Int(i),
        double d => slots.Double(d),
        bool b => slots.Bool(b),
        string s => slots.Text(s),
        ScalarType t => slots.Int((long)t),
        Argument[] items => ListSlot(items, schema),
        _ => throw new InvalidOperationException($"an argument {argument} cannot be written to a program"),
    };

    private int ListSlot(Argument[] items, SchemaArgument? schema) => schema?.Type switch
    {
        ArgumentType.TensorList => slots.TensorList([.. items.Select(i => Slot(i.AsValue()))]),
        ArgumentType.OptionalTensorList => slots.OptionalTensorList([.. items.Select(i => i.IsNone ? -1 : Slot(i.AsValue()))]),
        ArgumentType.DoubleList => slots.DoubleList([.. items.Select(i => i.AsDouble())]),
        ArgumentType.BoolList => slots.BoolList([.. items.Select(i => i.AsBool())]),
        _ => slots.IntList([.. items.Select(i => i.IsValue ? Slot(i.AsValue()) : slots.Int(i.AsInt()))]),
    };

    private int OperatorIndex(string key)
    {
        if (operatorIndex.TryGetValue(key, out int index))
            return index;
        int dot = key.IndexOf('.', key.IndexOf("::", StringComparison.Ordinal));
        operators.Add(dot < 0 ? new PteOperator(key, "") : new PteOperator(key[..dot], key[(dot + 1)..]));
        operatorIndex.Add(key, operators.Count - 1);
        return operators.Count - 1;
    }

    private int Slot(Value value)
    {
        if (slotOf.TryGetValue(value, out int slot))
            return slot;
        slot = value.Kind switch
        {
            ValueKind.Int => slots.Add(new PteValue.Int(value.Size?.Value ?? 0)),
            ValueKind.Double => slots.Add(new PteValue.Double(0)),
            ValueKind.Bool => slots.Add(new PteValue.Bool(false)),
            _ => TensorSlot(value),
        };
        slotOf.Add(value, slot);
        return slot;
    }

    private int TensorSlot(Value value)
    {
        var tensor = new PteTensor
        {
            Type = value.Spec.Type,
            Sizes = value.Spec.MaxSizes,
            DimOrder = value.Spec.DimOrder,
            Dynamism = value.Spec.IsStatic ? ShapeDynamism.Static : ShapeDynamism.DynamicBound,
        };
        if (graph.Constants.TryGetValue(aliases.Root(value), out var constant))
        {
            if (constant.IsMutable)
            {
                lifetimes[value] = (-1, int.MaxValue);
                return Plan(value, tensor with { DataBufferIndex = pool.Initial(constant.Tensor.Bytes.ToArray()), Extra = new PteExtraTensorInfo(0, constant.Name, 0) });
            }
            if (external is null)
                return slots.Add(tensor with { DataBufferIndex = pool.Constant(constant.Tensor.Storage[..(int)constant.Tensor.ByteLength]) });
            external.Add(new ExternalTensor(constant.Name, constant.Tensor));
            return slots.Add(tensor with { Extra = new PteExtraTensorInfo(0, constant.Name, 1) });
        }
        return Plan(value, tensor);
    }

    private int Plan(Value value, PteTensor tensor)
    {
        int slot = slots.Add(tensor);
        planned.Add(slot, value);
        return slot;
    }

    private void Touch(Value value, int at)
    {
        var root = aliases.Root(value);
        if (lifetimes.TryGetValue(root, out var life))
            lifetimes[root] = (life.First, Math.Max(life.Last, at));
    }

    private long PlanMemory()
    {
        var ids = new Dictionary<Value, int>();
        var requests = new List<MemoryRequest>();
        foreach (var (slot, value) in planned)
        {
            var root = aliases.Root(value);
            if (!ids.TryAdd(root, slot))
                continue;
            var (first, last) = lifetimes[root];
            requests.Add(new MemoryRequest(slot, root.Spec.MaxBytes, first, last));
        }
        if (requests.Count == 0)
            return 0;
        var plan = GreedyMemoryPlanner.Plan(requests);
        MemoryPlanVerifier.Verify(requests, plan);
        foreach (var (slot, value) in planned)
        {
            var tensor = (PteTensor)slots.Slots[slot];
            slots.Replace(slot, tensor with { Allocation = new PteAllocation(1, (ulong)plan.Offsets[ids[aliases.Root(value)]]) });
        }
        return plan.Bytes;
    }
}
