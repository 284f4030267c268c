using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>Runs graphs, and compares tensors.</summary>
internal static class GraphRun
{
    /// <summary>The outputs by name.</summary>
    public static Dictionary<string, Tensor> Outputs(Graph graph, params Tensor[] inputs)
    {
        var results = GraphInterpreter.Run(graph, inputs, KernelContext.SingleThreaded());
        return graph.Outputs.Zip(results).ToDictionary(p => p.First.Name, p => p.Second.AsTensor());
    }

    /// <summary>Compares element by element.</summary>
    public static void Close(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {actual.Length} elements instead of {expected.Length}");
        double worst = 0;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs((double)expected[i] - actual[i]);
            if (!(difference <= worst))
                (worst, at) = (difference, i);
        }
        Assert.True(worst <= tolerance, $"{what}: element {at} is {actual[at]} instead of {expected[at]}, {worst} apart, {tolerance} allowed");
    }

    /// <summary>Compares two tensors of one shape.</summary>
    public static void Close(string what, Tensor expected, Tensor actual, double tolerance)
    {
        Assert.Equal(Tensor.Format(expected.Sizes), Tensor.Format(actual.Sizes));
        Close(what, expected.Span<float>(), actual.Span<float>(), tolerance);
    }

    /// <summary>The smallest cosine between rows of two matrices.</summary>
    public static double LowestCosine(Tensor a, Tensor b)
    {
        int width = a.Sizes[^1];
        double lowest = 1;
        for (int start = 0; start < a.Numel; start += width)
        {
            double dot = 0, x = 0, y = 0;
            for (int i = start; i < start + width; i++)
            {
                dot += (double)a.Span<float>()[i] * b.Span<float>()[i];
                x += (double)a.Span<float>()[i] * a.Span<float>()[i];
                y += (double)b.Span<float>()[i] * b.Span<float>()[i];
            }
            lowest = Math.Min(lowest, dot / Math.Sqrt(x * y));
        }
        return lowest;
    }
}
