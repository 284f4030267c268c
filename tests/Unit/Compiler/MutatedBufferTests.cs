using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;
using static ExecuSharp.Tests.Unit.Compiler.CompiledGraph;

namespace ExecuSharp.Tests.Unit.Compiler;

public sealed class MutatedBufferTests
{
    [Fact]
    public void The_old_content_of_a_buffer_may_be_returned_and_views_of_it_too()
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        var x = graph.Input("x", new TensorSpec(ScalarType.Float, 2, 3));
        var state = graph.Buffer(Floats(1, 2, 3), "state");
        graph.Output(state, "old");
        graph.Output(g.Call("aten::view_copy", state, new long[] { 6 }), "flat");
        graph.Mutate(state, g.Call("aten::add.Tensor", state, x));
        GivesTheSame(graph.Build(), [Floats(2, 2, 3)], [Floats(3, 2, 3)], [Floats(4, 2, 3)]);
    }

    [Fact]
    public void Buffers_may_exchange_their_contents()
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        var x = graph.Input("x", new TensorSpec(ScalarType.Float, 4));
        Value a = graph.Buffer(Floats(1, 4), "a"), b = graph.Buffer(Floats(2, 4), "b"), kept = graph.Buffer(Floats(3, 4), "kept");
        graph.Output(g.Call("aten::mul.Tensor", g.Call("aten::sub.Tensor", a, b), x), "y");
        graph.Mutate(a, b);
        graph.Mutate(b, a);
        graph.Mutate(kept, kept);
        graph.Output(kept, "kept");
        GivesTheSame(graph.Build(), [Floats(4, 4)], [Floats(5, 4)], [Floats(6, 4)]);
    }

    [Fact]
    public void An_input_that_is_written_may_be_returned_as_it_was()
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        var x = graph.Input("x", new TensorSpec(ScalarType.Float, 4));
        graph.Output(x, "before");
        graph.Mutate(x, g.Call("aten::exp", x));
        GivesTheSame(graph.Build(), [Floats(4, 4)], [Floats(5, 4)]);
    }
}
