using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using static ExecuSharp.Tests.Unit.Compiler.CompiledGraph;

namespace ExecuSharp.Tests.Unit.Compiler;

public sealed class SelectionFoldingTests
{
    [Theory]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    public void Only_a_mask_of_both_values_selects(bool first, bool second, bool stays)
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        Value scores = graph.Input("scores", new TensorSpec(ScalarType.Float, 2, 4, 2)), one = graph.Input("one", new TensorSpec(ScalarType.Float, 4, 1));
        var mask = graph.Constant(Tensor.From<bool>([first, second], 1, 2), "mask");
        var guarded = g.Call("aten::where.self", mask, scores, one);
        graph.Output(g.Call("aten::_softmax", guarded, -1, false), "attention");
        var built = graph.Build();
        GivesTheSame(built, [Floats(1, 2, 4, 2), Floats(2, 4, 1)]);
        var simple = PteCompiler.Simplify(built, KernelContext.SingleThreaded());
        Assert.Equal(stays, simple.Nodes.Any(n => n.Op == "aten::where.self"));
    }
}
