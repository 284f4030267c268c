using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Compiler.Emission;

/// <summary>
/// Writes control flow as jumps. A branch writes its results where the condition's are; a loop's carried values have memory of their own that lives
/// through all rounds, and get the new contents at the end of each.
/// </summary>
internal sealed class ControlFlowEmitter(MethodEmitter method)
{
    public void Emit(Node node)
    {
        if (ReferenceEquals(node.Operator, HigherOrderOperators.Cond))
            Condition(node);
        else if (ReferenceEquals(node.Operator, HigherOrderOperators.WhileLoop))
            While(node);
        else if (ReferenceEquals(node.Operator, HigherOrderOperators.Map))
            Rows(node, [], node.Args[1].AsList(), node.Args[2].AsList());
        else
            Rows(node, node.Args[1].AsList(), node.Args[2].AsList(), node.Args[3].AsList());
    }

    private void Condition(Node node)
    {
        Graph first = node.Args[1].AsObject<Graph>(), second = node.Args[2].AsObject<Graph>();
        for (int i = 0; i < node.Outputs.Count; i++)
            method.Define(node.Outputs[i], bounded: !SameSpec(first.Outputs[i].Result, node.Outputs[i]) || !SameSpec(second.Outputs[i].Result, node.Outputs[i]));
        int toElse = method.JumpIfFalse(node.Args[0]);
        Branch(first, node);
        int toEnd = method.Jump();
        method.Land(toElse);
        Branch(second, node);
        method.Land(toEnd);
    }

    private void Branch(Graph source, Node node)
    {
        var branch = method.Enter(source, node.Args[3].AsList());
        var producers = branch.Producers();
        var placed = new HashSet<Value>();
        for (int i = 0; i < node.Outputs.Count; i++)
            if (branch.Outputs[i].Result.Payload is Value result && SameSpec(result, node.Outputs[i]) && producers.TryGetValue(result, out var producer) && WritesNewMemory(producer) && placed.Add(result))
                method.Place(result, node.Outputs[i]);
        method.EmitNodes(branch);
        for (int i = 0; i < node.Outputs.Count; i++)
            if (!method.IsSame(branch.Outputs[i].Result, node.Outputs[i]))
                Assign(branch.Outputs[i].Result, node.Outputs[i]);
    }

    private static bool WritesNewMemory(Node node) =>
        !SubGraphs.IsControlFlow(node) && (node.Operator.IsBuiltin || node.Operator.OutName != node.Op);

    private void While(Node node)
    {
        var (test, body) = (node.Args[0].AsObject<Graph>(), node.Args[1].AsObject<Graph>());
        Begin(node.Args[2].AsList(), node.Outputs, body);
        int start = method.Position;
        Argument[] operands = [.. node.Outputs, .. node.Args[3].AsList()];
        var condition = method.Enter(test, operands);
        method.EmitNodes(condition);
        int exit = method.JumpIfFalse(condition.Outputs[0].Result);
        var round = method.Enter(body, operands);
        method.EmitNodes(round);
        Carry([.. round.Outputs.Select(o => o.Result)], node.Outputs);
        method.JumpBack(start);
        method.Land(exit);
        method.CloseLoop(start);
    }

    private void Rows(Node node, IReadOnlyList<Argument> initial, IReadOnlyList<Argument> scanned, IReadOnlyList<Argument> additional)
    {
        var body = node.Args[0].AsObject<Graph>();
        IReadOnlyList<Value> carried = [.. node.Outputs.Take(initial.Count)], stacked = [.. node.Outputs.Skip(initial.Count)];
        Begin(initial, carried, body);
        foreach (var output in stacked)
            method.Define(output, bounded: true);
        var source = scanned[0].AsValue();
        Dim count = source.Spec.Sizes[0];
        Argument rows = count.Value;
        if (!count.IsStatic)
        {
            rows = new Value("rows", ValueKind.Int);
            Call("aten::sym_size.int", [rows.AsValue()], source, 0L);
        }
        foreach (var output in stacked)
            if (!count.IsStatic || count.Value == 0)
                Call("aten::full", [output], (Argument[])[rows, .. RowSizes(output, node)], 0L);
        var index = new Value("index", ValueKind.Int);
        method.Move(0L, index, begins: stacked);
        if (count is { IsStatic: true, Value: 0 })
            return;
        int start = method.Position;
        int? exit = null;
        if (!count.IsStatic)
        {
            var more = new Value("more", ValueKind.Bool);
            Call("executorch_prim::lt.Scalar", [more], index, rows);
            exit = method.JumpIfFalse(more);
        }
        var current = scanned.Select((s, i) => Row(s.AsValue(), index, body.Inputs[initial.Count + i].Value)).ToList();
        var round = method.Enter(body, [.. carried, .. current, .. additional]);
        method.EmitNodes(round);
        for (int i = 0; i < stacked.Count; i++)
            Call("executorch_prim::et_copy_index.tensor", [], stacked[i], round.Outputs[carried.Count + i].Result, index);
        Carry([.. round.Outputs.Take(carried.Count).Select(o => o.Result)], carried);
        Call("executorch_prim::add.Scalar", [index], index, 1L);
        if (exit is { } leave)
        {
            method.JumpBack(start);
            method.Land(leave);
        }
        else
        {
            var done = new Value("done", ValueKind.Bool);
            Call("executorch_prim::eq.Scalar", [done], index, rows);
            method.JumpBack(start, done);
        }
        method.CloseLoop(start);
    }

    private static IEnumerable<Argument> RowSizes(Value stacked, Node node) => stacked.Spec.Sizes.Skip(1).Select(s => s.IsStatic ? (Argument)s.Value
        : throw new UnsupportedModelException(node.Name, [new UnsupportedItem($"operator {node.Op}", node.Name, $"the number of rows and the size {s} of a row are both dynamic")]));

    private Value Row(Value source, Value index, Value operand)
    {
        var row = new Value(operand.Name, operand.Spec);
        Call("aten::select_copy.int", [row], source, 0L, index);
        return row;
    }

    private void Begin(IReadOnlyList<Argument> initial, IReadOnlyList<Value> carried, Graph body)
    {
        for (int i = 0; i < carried.Count; i++)
        {
            method.Define(carried[i], bounded: !SameSpec(body.Outputs[i].Result, carried[i]) || !SameSpec(initial[i], carried[i]));
            Assign(initial[i], carried[i]);
        }
    }

    // All new contents at once: what another one would overwrite is kept aside first.
    private void Carry(Argument[] results, IReadOnlyList<Value> carried)
    {
        for (int i = 0; i < carried.Count; i++)
            if (!method.IsSame(results[i], carried[i]) && carried.Any(c => method.IsSame(results[i], c)))
            {
                var old = results[i].AsValue();
                var aside = old.Kind == ValueKind.Tensor ? new Value(old.Name, old.Spec) : new Value(old.Name, old.Kind);
                method.Define(aside, bounded: false);
                Assign(old, aside);
                results[i] = aside;
            }
        for (int i = 0; i < carried.Count; i++)
            if (!method.IsSame(results[i], carried[i]))
                Assign(results[i], carried[i]);
    }

    private void Assign(Argument from, Value to)
    {
        if (to.Kind != ValueKind.Tensor)
            method.Move(from, to, begins: []);
        else if (from.AsSpec().MaxBytes > to.Spec.MaxBytes || from.AsSpec().Type != to.Spec.Type)
            throw new UnsupportedModelException(to.Name, [new UnsupportedItem("control flow", to.Name, $"a result of {from.AsSpec()} where {to.Spec} is expected")]);
        else
            Call("aten::clone", [to], from);
    }

    private void Call(string op, Value[] outputs, params Argument[] args)
    {
        var definition = OperatorTable.Default.Find(op)!;
        method.Emit(new Node(op, definition, GraphBuilder.Complete(definition, args), outputs));
    }

    private static bool SameSpec(Argument result, Value output) =>
        result.Payload is Value value && value.Kind == output.Kind && (value.Kind != ValueKind.Tensor || value.Spec.Equals(output.Spec));
}
