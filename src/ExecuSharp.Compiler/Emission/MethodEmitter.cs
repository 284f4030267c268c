using ExecuSharp.Compiler.Memory;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Compiler.Emission;

/// <summary>Writes a graph as a method: value slots, instructions in graph order, planned memory.</summary>
internal sealed class MethodEmitter
{
    // XNNPACK reads up to 16 bytes past the end of its inputs.
    private const int OverReadBytes = 64;

    private readonly ViewAliases aliases;
    private readonly MethodMemory memory;
    private readonly Graph graph;
    private readonly SegmentPool pool;
    private readonly List<ExternalTensor>? external;
    private readonly Dictionary<Value, GraphConstant> constants;
    private readonly SlotTable slots = new();
    private readonly Dictionary<Value, int> slotOf = new();
    private readonly List<PteInstruction> instructions = [];
    private readonly List<PteOperator> operators = [];
    private readonly Dictionary<string, int> operatorIndex = new(StringComparer.Ordinal);
    private readonly List<PteDelegate> delegates = [];

    public MethodEmitter(Graph graph, SegmentPool pool, List<ExternalTensor>? external)
    {
        (this.graph, this.pool, this.external) = (graph, pool, external);
        constants = new(graph.Constants);
        aliases = new ViewAliases();
        memory = new MethodMemory(aliases);
    }

    /// <summary>The number of instructions so far.</summary>
    public int Position => instructions.Count;

    public PteMethod Emit()
    {
        aliases.AddMethod(graph);
        var inputs = graph.Inputs.Select(Input).ToArray();
        foreach (var (value, constant) in graph.Constants)
            if (constant.IsMutable)
                Slot(value);
        EmitNodes(graph);
        var results = graph.Outputs.Select(KeepOldContent).ToList();
        foreach (var output in results)
            if (output.MutatedBuffer is { } buffer && !IsSame(output.Result, buffer))
                CopyBack(buffer, output.Result);
        var outputs = results.Where(o => o.MutatedBuffer is null).Select(o => Output(o.Result)).ToArray();
        var state = constants.Where(c => c.Value.IsMutable).Select(c => c.Key).Concat(graph.Outputs.Select(o => o.MutatedBuffer).OfType<Value>()).Distinct().ToList();
        long bytes = memory.Place(slots, instructions, graph.Inputs.Select(i => i.Value).Union(state), results.SelectMany(o => o.Result.Values()).Concat(state));
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
            MemorySizes = memory.IsEmpty ? [0] : [0, Math.Max(bytes, GreedyMemoryPlanner.Alignment) + (delegates.Count > 0 ? OverReadBytes : 0)],
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
        memory.Begin(input.Value);
        return Slot(input.Value);
    }

    private int Output(Argument result)
    {
        if (result.IsValue)
            memory.Touch(result.AsValue(), instructions.Count + 1);
        return ArgumentSlot(result, null);
    }

    // The new content of a buffer is written last; what returns its old content, or gives it to another buffer, needs a copy of it.
    private GraphOutput KeepOldContent(GraphOutput output)
    {
        if (output.Result.Payload is not Value { Kind: ValueKind.Tensor } old || ReferenceEquals(output.MutatedBuffer, old) || !graph.Outputs.Any(o => ReferenceEquals(o.MutatedBuffer, old)))
            return output;
        var copy = new Value(old.Name, old.Spec);
        Emit(new Node(copy.Name, OperatorTable.Default.Find("aten::clone")!, [old, Argument.None], [copy]));
        return output with { Result = copy };
    }

    private void CopyBack(Value buffer, Argument result)
    {
        memory.Touch(result.AsValue(), instructions.Count);
        memory.Touch(buffer, instructions.Count + 1);
        int to = Slot(buffer), from = Slot(result.AsValue());
        Add(new PteInstruction.KernelCall(OperatorIndex("aten::copy_"), [to, from, slots.Bool(false), to]), [buffer, result.AsValue()], [buffer]);
    }

    /// <summary>Writes the calls of a graph.</summary>
    public void EmitNodes(Graph source)
    {
        foreach (var node in source.Nodes)
            if (!aliases.IsElided(node))
                Emit(node);
    }

    /// <summary>Writes a call.</summary>
    public void Emit(Node node)
    {
        foreach (var value in node.Inputs)
            memory.Touch(value, Position);
        if (SubGraphs.IsControlFlow(node))
        {
            new ControlFlowEmitter(this).Emit(node);
            return;
        }
        foreach (var value in node.Outputs)
            Define(value, bounded: false);
        if (ReferenceEquals(node.Operator, DelegatePayload.Operator))
        {
            var payload = node.Args[1].AsObject<DelegatePayload>();
            int[] args = [.. node.Args[0].AsList().Select(a => Slot(a.AsValue())), .. node.Outputs.Select(Slot)];
            delegates.Add(new PteDelegate(payload.BackendId, true, (uint)pool.Payload(payload), []));
            Add(new PteInstruction.DelegateCall(delegates.Count - 1, args), node.Inputs, node.Outputs);
            return;
        }
        Add(new PteInstruction.KernelCall(OperatorIndex(node.Operator.OutName!), KernelArgs(node)), node.Inputs, node.Outputs, inPlace: InPlaceOperators.Operands(node));
    }

    /// <summary>Says that the next instruction is the first that writes a value, unless one did already.</summary>
    /// <param name="value">The value.</param>
    /// <param name="bounded">Its sizes change while the method runs.</param>
    public void Define(Value value, bool bounded) => memory.Define(value, Position, bounded);

    /// <summary>Begins a graph inside a node: a copy whose inputs are the operands.</summary>
    public Graph Enter(Graph source, IReadOnlyList<Argument> operands)
    {
        var inner = SubGraphs.Copy(source);
        for (int i = 0; i < operands.Count; i++)
        {
            var input = inner.Inputs[i].Value;
            if (operands[i].IsValue)
                Place(input, operands[i].AsValue());
            else
                slotOf[input] = ArgumentSlot(operands[i], null);
        }
        foreach (var (value, constant) in inner.Constants)
            constants.Add(value, constant);
        aliases.AddInner(inner);
        return inner;
    }

    /// <summary>Lets a value be another one: the same slot and memory.</summary>
    public void Place(Value value, Value other)
    {
        slotOf[value] = Slot(other);
        if (value.Kind == ValueKind.Tensor)
            aliases.Bind(value, other);
    }

    /// <summary>True if an argument is the value or a view of it.</summary>
    public bool IsSame(Argument argument, Value value) => argument.Payload is Value other
        && (other.Kind == ValueKind.Tensor ? ReferenceEquals(aliases.Root(other), aliases.Root(value)) : Slot(other) == Slot(value));

    /// <summary>Copies a number into another slot.</summary>
    /// <param name="from">A number.</param>
    /// <param name="to">A number of the program.</param>
    /// <param name="begins">Tensors that are written piece by piece from here on.</param>
    public void Move(Argument from, Value to, IReadOnlyList<Value> begins) => Add(new PteInstruction.MoveCall(ArgumentSlot(from, null), Slot(to)), [], begins);

    /// <summary>Jumps to where <see cref="Land"/> is called if a condition is false.</summary>
    public int JumpIfFalse(Argument condition)
    {
        foreach (var value in condition.Values())
            memory.Touch(value, Position);
        Add(new PteInstruction.JumpFalseCall(ArgumentSlot(condition, null), 0), condition.Values(), []);
        return Position - 1;
    }

    /// <summary>Jumps to where <see cref="Land"/> is called.</summary>
    public int Jump()
    {
        Add(new PteInstruction.JumpFalseCall(slots.Bool(false), 0), [], [], always: true);
        return Position - 1;
    }

    /// <summary>Jumps back, if the condition is false where there is one.</summary>
    public void JumpBack(int destination, Value? condition = null)
    {
        int jump = condition is null ? Jump() : JumpIfFalse(condition);
        instructions[jump] = ((PteInstruction.JumpFalseCall)instructions[jump]) with { Destination = destination };
    }

    /// <summary>Lets a jump lead to the next instruction.</summary>
    public void Land(int jump) => instructions[jump] = ((PteInstruction.JumpFalseCall)instructions[jump]) with { Destination = Position };

    /// <summary>Keeps what was made before a loop and is used in it until the loop ends.</summary>
    public void CloseLoop(int start) => memory.CloseLoop(start, Position);

    private void Add(PteInstruction instruction, IEnumerable<Value> reads, IEnumerable<Value> writes, bool always = false, IReadOnlyList<Value>? inPlace = null)
    {
        instructions.Add(instruction);
        memory.AddEffect(reads, writes, always, inPlace ?? []);
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
        bool isStatic = value.Spec.IsStatic && !memory.ChangesSize(value);
        var tensor = new PteTensor
        {
            Type = value.Spec.Type,
            Sizes = value.Spec.MaxSizes,
            DimOrder = value.Spec.DimOrder,
            Dynamism = isStatic ? ShapeDynamism.Static : ShapeDynamism.DynamicBound,
        };
        if (constants.TryGetValue(aliases.Root(value), out var constant))
        {
            if (constant.IsMutable)
            {
                memory.Keep(value);
                return Plan(value, tensor with { DataBufferIndex = pool.Initial(constant.Tensor.Bytes.ToArray()), Extra = new PteExtraTensorInfo(0, constant.Name, 0) });
            }
            if (external is null)
                return slots.Add(tensor with { DataBufferIndex = pool.Constant(constant.Tensor.Storage[..(int)constant.Tensor.ByteLength]) });
            return slots.Add(tensor with { Extra = new PteExtraTensorInfo(0, ExternalKey(constant, external), 1) });
        }
        return Plan(value, tensor);
    }

    // Methods may use one name for different tensors, and share equal ones.
    private string ExternalKey(GraphConstant constant, List<ExternalTensor> weights)
    {
        string key = constant.Name;
        for (int n = 0; ; n++)
        {
            if (weights.Find(w => w.Key == key) is not { } known)
            {
                weights.Add(new ExternalTensor(key, constant.Tensor));
                return key;
            }
            if (known.Tensor.Type == constant.Tensor.Type && known.Tensor.Sizes.SequenceEqual(constant.Tensor.Sizes) && known.Tensor.Bytes.SequenceEqual(constant.Tensor.Bytes))
                return key;
            key = n == 0 ? $"{graph.Name}.{constant.Name}" : $"{graph.Name}.{constant.Name}.{n}";
        }
    }

    private int Plan(Value value, PteTensor tensor)
    {
        int slot = slots.Add(tensor);
        memory.Plan(slot, value);
        return slot;
    }
}
