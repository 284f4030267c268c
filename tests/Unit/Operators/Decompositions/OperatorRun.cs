using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Tests.Unit.Operators.Decompositions;

/// <summary>Calls an operator of the table on constants, through its decomposition and the kernels.</summary>
internal static class OperatorRun
{
    /// <summary>All results.</summary>
    public static Tensor[] Many(string op, params object?[] args)
    {
        var builder = new GraphBuilder("forward");
        IGraphBuilder calls = builder;
        foreach (var (result, i) in calls.CallMany(op, [.. args.Select(a => ToArgument(calls, a))]).Select((r, i) => (r, i)))
            builder.Output(result, $"result_{i}");
        return [.. GraphInterpreter.Run(builder.Build(), [], KernelContext.SingleThreaded()).Where(r => r.Tag == Tag.Tensor).Select(r => r.AsTensor())];
    }

    /// <summary>The first result.</summary>
    public static Tensor One(string op, params object?[] args) => Many(op, args)[0];

    /// <summary>A vector of floats.</summary>
    public static Tensor Vector(params float[] values) => Tensor.From<float>(values, values.Length);

    /// <summary>A vector of integers.</summary>
    public static Tensor Longs(params long[] values) => Tensor.From<long>(values, values.Length);

    /// <summary>A matrix of floats.</summary>
    public static Tensor Matrix(int rows, params float[] values) => Tensor.From<float>(values, rows, values.Length / rows);

    /// <summary>0, 1, 2, … in these sizes.</summary>
    public static Tensor Count(params int[] sizes) => Tensor.From<float>([.. Enumerable.Range(0, sizes.Aggregate(1, (p, s) => p * s)).Select(i => (float)i)], sizes);

    /// <summary>The elements as numbers.</summary>
    public static double[] Numbers(Tensor t) => t.Type switch
    {
        ScalarType.Float => [.. t.Span<float>().ToArray().Select(v => (double)v)],
        ScalarType.Double => t.Span<double>().ToArray(),
        ScalarType.Long => [.. t.Span<long>().ToArray().Select(v => (double)v)],
        ScalarType.Int => [.. t.Span<int>().ToArray().Select(v => (double)v)],
        _ => [.. t.Bytes.ToArray().Select(v => (double)v)],
    };

    /// <summary>Compares with a relative tolerance of a few float32 roundings.</summary>
    public static void AssertNear(IReadOnlyList<double> expected, Tensor found, double tolerance = 4e-6)
    {
        var values = Numbers(found);
        Assert.Equal(expected.Count, values.Length);
        for (int i = 0; i < values.Length; i++)
            Assert.True(expected[i].Equals(values[i]) || Math.Abs(expected[i] - values[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"element {i}: expected {expected[i]}, found {values[i]}");
    }

    private static Argument ToArgument(IGraphBuilder builder, object? argument) => argument switch
    {
        null => Argument.None,
        Tensor t => builder.Constant(t),
        Tensor[] list => list.Select(t => (Argument)builder.Constant(t)).ToArray(),
        int i => i,
        long i => i,
        double d => d,
        bool b => b,
        string s => s,
        ScalarType type => type,
        long[] list => list,
        double[] list => list,
        _ => throw new ArgumentException($"{argument.GetType()} is no argument"),
    };
}
