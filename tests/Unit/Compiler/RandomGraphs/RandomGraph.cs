using System.Globalization;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Tests.RandomGraphs;

/// <summary>A graph of ATen operators made by chance, and inputs for it. The same seed gives the same graph.</summary>
internal sealed record RandomGraph(int Seed, Graph Graph, IReadOnlyList<Tensor[]> Rounds)
{
    private const int Rows = 4;

    /// <summary>The seeds to try; EXECUSHARP_RANDOM_GRAPHS=COUNT or FIRST:COUNT names others.</summary>
    public static IReadOnlyList<int> Seeds(int count)
    {
        string[] range = (Environment.GetEnvironmentVariable("EXECUSHARP_RANDOM_GRAPHS") ?? count.ToString(CultureInfo.InvariantCulture)).Split(':');
        int first = range.Length > 1 ? int.Parse(range[0], CultureInfo.InvariantCulture) : 0;
        return [.. Enumerable.Range(first, int.Parse(range[^1], CultureInfo.InvariantCulture))];
    }

    /// <summary>Makes a graph. One of four has a dynamic first dimension, one of eight a buffer that keeps its content.</summary>
    public static RandomGraph Make(int seed)
    {
        var random = new Random(seed);
        var pool = new ValuePool(random, random.Next(4) == 0 ? new Dim(new SymExpr.Symbol("n", 1, Rows)) : null);
        int[] image = [pool.Rows is null ? random.Next(1, 3) : Rows, random.Next(1, 5), random.Next(1, 7), random.Next(1, 7)];
        foreach (int rank in new[] { random.Next(2, 5), random.Next(1, 5) }.Take(random.Next(1, 3)))
            pool.AddInput(image[..rank]);
        var buffer = pool.Rows is null && random.Next(8) == 0 ? pool.AddBuffer(image[..random.Next(1, 5)]) : null;
        int length = random.Next(4, 22);
        for (int i = 0; i < length; i++)
            RandomOperators.Add(pool);
        pool.Finish(buffer);
        var graph = pool.Builder.Build();
        int[] rounds = pool.Rows is null ? [Rows, Rows] : [Rows, 1, 3];
        return new RandomGraph(seed, graph, [.. rounds.Select(r => graph.Inputs.Select(input => Fill(input.Value.Spec, r, random)).ToArray())]);
    }

    /// <summary>Numbers between -2 and 2.</summary>
    public static Tensor Floats(Random random, params ReadOnlySpan<int> sizes)
    {
        var tensor = Tensor.Empty(ScalarType.Float, sizes);
        foreach (ref float x in tensor.Span<float>())
            x = (random.NextSingle() * 4) - 2;
        return tensor;
    }

    private static Tensor Fill(TensorSpec spec, int rows, Random random) => Floats(random, [.. spec.Sizes.Select(s => s.IsStatic ? (int)s.Value : rows)]);
}
