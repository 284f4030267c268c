using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;
using static ExecuSharp.Tests.Unit.Compiler.CompiledGraph;

namespace ExecuSharp.Tests.Unit.Compiler;

/// <summary>Sizes below the upper bound inside delegates.</summary>
public sealed class DynamicSizesTests
{
    private static readonly Dim Rows = new(new SymExpr.Symbol("n", 1, 4));

    [Fact]
    public void A_transposition_before_a_convolution_takes_fewer_rows()
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        var x = graph.Input("x", new TensorSpec(ScalarType.Float, Rows, 5, 3));
        var transposed = g.Call("aten::permute_copy", g.Call("aten::neg", x), new long[] { 0, 2, 1 });
        graph.Output(Convolution(g, transposed, graph.Constant(Floats(1, 2, 3, 2))), "y");
        GivesTheSame(graph.Build(), [Floats(2, 4, 5, 3)], [Floats(3, 1, 5, 3)], [Floats(4, 3, 5, 3)]);
    }

    [Fact]
    public void An_average_over_the_image_takes_fewer_channels()
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        var x = graph.Input("x", new TensorSpec(ScalarType.Float, Rows, 2, 5, 3));
        var channels = g.Call("aten::transpose_copy.int", g.Call("aten::tanh", x), 0, 1);
        graph.Output(g.Call("aten::mean.dim", channels, new long[] { 2, 3 }, false), "y");
        GivesTheSame(graph.Build(), [Floats(2, 4, 2, 5, 3)], [Floats(3, 1, 2, 5, 3)], [Floats(4, 3, 2, 5, 3)]);
    }

    [Fact]
    public void One_value_may_be_two_outputs()
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        var x = graph.Input("x", new TensorSpec(ScalarType.Float, Rows, 2, 5));
        var y = Convolution(g, x, graph.Constant(Floats(1, 3, 2, 2)));
        graph.Output(g.Call("aten::permute_copy", y, new long[] { 0, 2, 1 }), "rows");
        graph.Output(g.Call("aten::transpose_copy.int", y, 1, 2), "again");
        GivesTheSame(graph.Build(), [Floats(2, 4, 2, 5)], [Floats(3, 1, 2, 5)], [Floats(4, 3, 2, 5)]);
    }

    private static Value Convolution(IGraphBuilder g, Value x, Value weight) =>
        g.Call("aten::convolution", x, weight, Argument.None, new long[] { 1 }, new long[] { 0 }, new long[] { 1 }, false, new long[] { 0 }, 1);
}
