using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Graphs;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Tests.Unit.Compiler.CompiledGraph;

namespace ExecuSharp.Tests.Unit.Compiler;

public sealed class ControlFlowTests
{
    private static readonly TensorSpec Matrix = new(ScalarType.Float, 3, 3);
    private static readonly TensorSpec Count = new(ScalarType.Long, 1);

    [Fact]
    public void A_loop_may_exchange_its_values_and_use_what_was_made_before_it()
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        Value a = graph.Input("a", Matrix), b = graph.Input("b", Matrix), rounds = graph.Input("rounds", Count);
        var outside = g.Call("aten::exp", a);
        var body = Body("body", [Count, Matrix, Matrix, Count, Matrix], (x, v) => [x.Call("aten::add.Scalar", v[0], 1), v[2], x.Call("aten::tanh", x.Call("aten::mm", v[1], v[4]))]);
        var outputs = Loop(graph, body, [graph.Constant(Tensor.From<long>([0], 1)), a, b], [rounds, outside]);
        graph.Output(outputs[1], "a");
        graph.Output(outputs[2], "b");
        graph.Output(outputs[0], "count");
        graph.Output(a, "still");
        GivesTheSame(graph.Build(), Rounds(3), Rounds(0), Rounds(1), Rounds(4));
    }

    [Fact]
    public void A_condition_in_a_loop_may_hold_a_map_and_pass_values_through()
    {
        var graph = new GraphBuilder("forward");
        Value a = graph.Input("a", Matrix), b = graph.Input("b", Matrix), rounds = graph.Input("rounds", Count);
        var row = Body("row", [new TensorSpec(ScalarType.Float, 3), Matrix], (x, v) => [x.Call("aten::mul.Scalar", x.Call("aten::amax", v[1], new long[] { 0 }), 0.5), x.Call("aten::add.Tensor", v[0], v[0])]);
        var mapped = Body("mapped", [Matrix, Matrix], (x, v) => Add(x, HigherOrderOperators.Map, [Argument.OfObject(row), (Value[])[v[0]], (Value[])[v[1]]], Matrix, Matrix)[..1]);
        var through = Body("through", [Matrix, Matrix], (_, v) => [v[1]]);
        var body = Body("body", [Count, Matrix, Matrix, Count], (x, v) =>
        {
            var test = x.Call("aten::gt.Scalar", x.Call("aten::sum.dim_IntList", v[1], new long[] { 0, 1 }), 0.5);
            var chosen = Add(x, HigherOrderOperators.Cond, [test, Argument.OfObject(mapped), Argument.OfObject(through), (Value[])[v[1], v[2]]], Matrix)[0];
            return [x.Call("aten::add.Scalar", v[0], 1), x.Call("aten::sub.Tensor", chosen, v[1]), v[2]];
        });
        var outputs = Loop(graph, body, [graph.Constant(Tensor.From<long>([0], 1)), a, b], [rounds]);
        graph.Output(outputs[1], "a");
        GivesTheSame(graph.Build(), Rounds(3), Rounds(0), Rounds(6));
    }

    [Fact]
    public void A_scan_stacks_rows_of_any_number_and_carries_a_sum()
    {
        var rows = new Dim(new SymExpr.Symbol("n", 0, 5));
        var graph = new GraphBuilder("forward");
        Value x = graph.Input("x", new TensorSpec(ScalarType.Float, rows, 3)), start = graph.Input("start", new TensorSpec(ScalarType.Float, 3));
        var weight = graph.Constant(Floats(7, 3, 3), "weight");
        var body = Body("combine", [start.Spec, start.Spec, Matrix], (b, v) =>
        {
            var sum = b.Call("aten::add.Tensor", v[0], v[1]);
            return [sum, b.Call("aten::sigmoid", b.Call("aten::linear", b.Call("aten::unsqueeze_copy", sum, 0), v[2]))];
        });
        var carried = graph.NewValue("sum", start.Spec);
        var stacked = graph.NewValue("rows", new TensorSpec(ScalarType.Float, rows, 1, 3));
        graph.Add(HigherOrderOperators.Scan, [Argument.OfObject(body), (Value[])[start], (Value[])[x], (Value[])[weight]], carried, stacked);
        graph.Output(carried, "sum");
        graph.Output(stacked, "rows");
        GivesTheSame(graph.Build(), [Floats(1, 5, 3), Floats(2, 3)], [Floats(3, 0, 3), Floats(4, 3)], [Floats(5, 2, 3), Floats(6, 3)]);
    }

    [Fact]
    public void A_condition_that_is_known_leaves_one_branch()
    {
        var graph = new GraphBuilder("forward");
        var a = graph.Input("a", Matrix);
        var first = Body("first", [Matrix], (x, v) => [x.Call("aten::exp", v[0])]);
        var second = Body("second", [Matrix], (x, v) => [x.Call("aten::tanh", v[0])]);
        graph.Output(Add(graph, HigherOrderOperators.Cond, [graph.Constant(Tensor.From<bool>([false])), Argument.OfObject(first), Argument.OfObject(second), (Value[])[a]], Matrix)[0], "y");
        var built = graph.Build();
        GivesTheSame(built, [Floats(1, 3, 3)]);
        var program = PteCompiler.Compile([built], new CompileOptions { Backend = CompileBackend.Portable }, KernelContext.SingleThreaded()).Image.Program;
        Assert.Equal("aten::tanh.out", Assert.Single(program.Methods[0].Operators).Key);
        Assert.Single(program.Methods[0].Chains[0].Instructions);
    }

    [Fact]
    public void Constants_of_branches_are_folded_and_delegated_there()
    {
        var graph = new GraphBuilder("forward");
        var a = graph.Input("a", Matrix);
        var weight = graph.Constant(Floats(3, 3, 3), "weight");
        var first = Body("first", [Matrix, Matrix], (x, v) => [x.Call("aten::linear", v[0], x.Call("aten::permute_copy", v[1], new long[] { 1, 0 }))]);
        var second = Body("second", [Matrix, Matrix], (x, v) => [x.Call("aten::linear", v[0], v[1])]);
        var test = ((IGraphBuilder)graph).Call("aten::gt.Scalar", ((IGraphBuilder)graph).Call("aten::sum.dim_IntList", a, new long[] { 0, 1 }), 0);
        graph.Output(Add(graph, HigherOrderOperators.Cond, [test, Argument.OfObject(first), Argument.OfObject(second), (Value[])[a, weight]], Matrix)[0], "y");
        var built = graph.Build();
        GivesTheSame(built, [Floats(1, 3, 3)], [Floats(2, 3, 3)]);
        var method = PteCompiler.Compile([built], new CompileOptions(), KernelContext.SingleThreaded()).Image.Program.Methods[0];
        Assert.Equal(2, method.Chains[0].Instructions.OfType<PteInstruction.DelegateCall>().Count());
        Assert.DoesNotContain(method.Operators, o => o.Key.Contains("permute", StringComparison.Ordinal) || o.Key.Contains("linear", StringComparison.Ordinal));
    }

    private static Tensor[] Rounds(long count) => [Floats((int)count, 3, 3), Floats(20 + (int)count, 3, 3), Tensor.From<long>([count], 1)];

    private static Value[] Loop(GraphBuilder graph, Graph body, Value[] carried, Value[] additional)
    {
        var test = Body("test", [.. body.Inputs.Select(i => i.Value.Spec)], (x, v) => [x.Call("aten::lt.Tensor", v[0], v[carried.Length])]);
        return Add(graph, HigherOrderOperators.WhileLoop, [Argument.OfObject(test), Argument.OfObject(body), carried, additional], [.. carried.Select(c => c.Spec)]);
    }

    private static Value[] Add(IGraphBuilder builder, OperatorDefinition op, Argument[] args, params TensorSpec[] specs)
    {
        var graph = (GraphBuilder)builder;
        var outputs = Array.ConvertAll(specs, s => graph.NewValue("out", s));
        graph.Add(op, args, outputs);
        return outputs;
    }

    private static Graph Body(string name, TensorSpec[] operands, Func<IGraphBuilder, Value[], Value[]> make)
    {
        var builder = new GraphBuilder(name);
        foreach (var result in make(builder, [.. operands.Select((o, i) => builder.Input($"operand_{i}", o))]))
            builder.Output(result, result.Name);
        return builder.Build();
    }
}
