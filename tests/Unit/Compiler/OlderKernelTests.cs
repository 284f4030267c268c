using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using static ExecuSharp.Tests.Unit.Compiler.CompiledGraph;

namespace ExecuSharp.Tests.Unit.Compiler;

public sealed class OlderKernelTests
{
    [Theory]
    [InlineData("0.4", false)]
    [InlineData("0.5", true)]
    public void The_oldest_release_gets_matrix_products(string target, bool linear)
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        var x = graph.Input("x", new TensorSpec(ScalarType.Float, 2, 3, 4));
        var hidden = g.Call("aten::linear", x, graph.Constant(Floats(1, 5, 4)), graph.Constant(Floats(2, 5)));
        graph.Output(g.Call("aten::linear", g.Call("aten::view_copy", hidden, new long[] { 6, 5 }), graph.Constant(Floats(3, 2, 5)), Argument.None), "y");
        var built = graph.Build();
        Assert.True(ExecuTorchRelease.TryParse(target, out var release));
        var compiled = PteCompiler.Compile([built], new CompileOptions { Backend = CompileBackend.Portable, Target = release }, KernelContext.SingleThreaded());
        Assert.Equal(linear, compiled.Image.Program.Methods[0].Operators.Any(o => o.Key == "aten::linear.out"));
        GivesTheSame(built, release, [Floats(4, 2, 3, 4)]);
    }
}
