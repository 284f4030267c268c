using ExecuSharp.Benchmarking;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using static ExecuSharp.Tests.Unit.Compiler.CompiledGraph;

namespace ExecuSharp.Tests.Unit.Benchmarking;

public sealed class ProgramBenchmarkTests
{
    [Fact]
    public void Every_run_gets_its_inputs_though_the_plan_reuses_their_memory()
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        var indices = graph.Input("indices", new TensorSpec(ScalarType.Long, 64));
        var rows = g.Call("aten::embedding", graph.Constant(Floats(1, 2, 1)), indices);
        graph.Output(g.Call("aten::cos", g.Call("aten::sin", rows)), "y");
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, PteCompiler.Compile([graph.Build()], new CompileOptions { Backend = CompileBackend.Portable }, KernelContext.SingleThreaded()).ToBytes());
            var result = ProgramBenchmark.Run(file, new BenchmarkOptions { Duration = TimeSpan.Zero, MinIterations = 3, Operators = true });
            Assert.Equal(3, result.Latency.Count);
            Assert.Equal(0, result.AllocatedPerRun);
            Assert.Contains(result.Operators, o => o.Name == "aten::embedding.out");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
