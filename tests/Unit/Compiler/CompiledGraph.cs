using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime;

namespace ExecuSharp.Tests.Unit.Compiler;

/// <summary>Compiles graphs and compares what the program gives with what the graph gives.</summary>
internal static class CompiledGraph
{
    /// <summary>Runs a graph and its programs, portable and delegated, on inputs one after the other.</summary>
    public static void GivesTheSame(Graph graph, params Tensor[][] rounds) => GivesTheSame(graph, ExecuTorchRelease.Latest, rounds);

    /// <summary>The same for another release.</summary>
    public static void GivesTheSame(Graph graph, ExecuTorchRelease target, params Tensor[][] rounds)
    {
        var context = KernelContext.SingleThreaded();
        foreach (var backend in new[] { CompileBackend.Portable, CompileBackend.Xnnpack })
        {
            using var reference = new GraphExecutable(graph, context, "graph");
            using var program = new ProgramExecutable(Program.Load(PteCompiler.Compile([graph], new CompileOptions { Backend = backend, Target = target }, context).ToBytes()), null, "program");
            for (int round = 0; round < rounds.Length; round++)
            {
                var wanted = reference.Run(rounds[round]);
                var given = program.Run(rounds[round]);
                Assert.Equal(wanted.Count, given.Count);
                for (int i = 0; i < wanted.Count; i++)
                {
                    Assert.Equal(wanted[i].Sizes.ToArray(), given[i].Sizes.ToArray());
                    var similarity = Similarity.Of(wanted[i], given[i]);
                    Assert.True(similarity.MaxAbs <= 1e-5, $"{backend}, round {round}, output {i}: {similarity}");
                }
            }
        }
    }

    /// <summary>Floats that differ from one another.</summary>
    public static Tensor Floats(int seed, params int[] sizes)
    {
        var random = new Random(seed);
        var tensor = Tensor.Empty(ScalarType.Float, sizes);
        foreach (ref float x in tensor.Span<float>())
            x = (random.NextSingle() * 4) - 2;
        return tensor;
    }
}
