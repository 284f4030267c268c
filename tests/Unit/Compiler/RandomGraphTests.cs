using System.Collections.Concurrent;
using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Runtime;
using ExecuSharp.Tests.RandomGraphs;

namespace ExecuSharp.Tests.Unit.Compiler;

/// <summary>Graphs made by chance give the same results as they are, simplified, and as programs.</summary>
public sealed class RandomGraphTests
{
    private const int Count = 400;

    // Values are at most 8, and a few hundred roundings of 2^-24 lie on the way to an output.
    private const double Tolerance = 2e-4;

    [Fact]
    public void A_graph_its_simple_form_and_its_programs_give_the_same()
    {
        var seeds = RandomGraph.Seeds(Count);
        var failures = new ConcurrentBag<string>();
        Parallel.ForEach(seeds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, seed =>
        {
            if (Failure(seed) is { } failure)
                failures.Add(failure);
        });
        Assert.True(failures.IsEmpty, $"{failures.Count} of {seeds.Count}:\n" + string.Join("\n\n", failures.Order(StringComparer.Ordinal).Take(10)));
    }

    private static string? Failure(int seed)
    {
        var made = RandomGraph.Make(seed);
        if (Difference(made.Graph, made) is not { } difference)
            return null;
        // The first value that differs says more than an output.
        foreach (var node in made.Graph.Nodes.Where(n => n.Output.Kind == ValueKind.Tensor))
            if (Difference(PteCompiler.WithOutputs(made.Graph, [node.Output]), made) is { } earlier)
                return $"seed {seed}: {earlier} at {node}\n{made.Graph}";
        return $"seed {seed}: {difference}\n{made.Graph}";
    }

    private static string? Difference(Graph graph, RandomGraph made)
    {
        try
        {
            var context = KernelContext.SingleThreaded();
            using var reference = new GraphExecutable(graph, context, "graph");
            var wanted = made.Rounds.Select(reference.Run).ToList();
            using var simple = new GraphExecutable(PteCompiler.Simplify(graph, context), context, "simplified");
            if (Difference(simple, made, wanted) is { } first)
                return first;
            foreach (var backend in new[] { CompileBackend.Portable, CompileBackend.Xnnpack })
            {
                var options = new CompileOptions { Backend = backend };
                byte[] bytes = PteCompiler.Compile([graph], options, context).ToBytes();
                if (ReferenceEquals(graph, made.Graph) && !bytes.AsSpan().SequenceEqual(PteCompiler.Compile([RandomGraph.Make(made.Seed).Graph], options, context).ToBytes()))
                    return $"{backend}: two compilations give different bytes";
                using var program = new ProgramExecutable(Program.Load(bytes), null, backend.ToString());
                if (Difference(program, made, wanted) is { } second)
                    return second;
            }
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ExecuTorchException or ArgumentException or IndexOutOfRangeException or UnsupportedModelException or KeyNotFoundException)
        {
            return e.GetType().Name + ": " + e.Message;
        }
    }

    private static string? Difference(IExecutable given, RandomGraph made, List<IReadOnlyList<Tensor>> wanted)
    {
        for (int round = 0; round < wanted.Count; round++)
        {
            var outputs = given.Run(made.Rounds[round]);
            if (outputs.Count != wanted[round].Count)
                return $"{given.Name} gives {outputs.Count} outputs, not {wanted[round].Count}";
            for (int i = 0; i < outputs.Count; i++)
            {
                double apart = Similarity.Of(wanted[round][i], outputs[i]).MaxAbs;
                if (outputs[i].Type != wanted[round][i].Type || !(apart <= Tolerance))
                    return $"{given.Name}, round {round}, output {i}: {outputs[i]} differs from {wanted[round][i]} by {apart:G3}";
            }
        }
        return null;
    }
}
