using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;

namespace ExecuSharp.Import.TorchScript;

/// <summary>
/// A state that is empty before the first call has fixed sizes in a program, where it begins as zeros. That is the same if the first call gives the same
/// outputs and states either way, which is tried with numbers.
/// </summary>
internal static class FirstCall
{
    private const int Rounds = 3;
    private const double Tolerance = 1e-5;

    /// <param name="empty">The first call with empty states; the states behind it are its last outputs.</param>
    /// <param name="zeros">A call on states of zeros, with the same outputs.</param>
    /// <param name="states">Names of the states.</param>
    /// <exception cref="UnsupportedModelException">The results differ.</exception>
    public static void Check(Graph empty, Graph zeros, IEnumerable<string> states)
    {
        var random = new Random(1);
        for (int i = 0; i < Rounds; i++)
        {
            Tensor[] inputs = [.. empty.Inputs.Where(x => x.Literal is null).Select(x => Sample(x.Value.Spec, random))];
            if (!Same(Run(empty, inputs), Run(zeros, inputs)))
                throw new UnsupportedModelException(empty.Name, [.. states.Select(s => new UnsupportedItem($"the state {s}", empty.Name, "it is empty before the first call, which gives other results than zeros would; a program's state has fixed sizes"))]);
        }
    }

    private static Tensor[] Run(Graph graph, Tensor[] inputs) =>
        [.. GraphInterpreter.Run(graph, [.. inputs.Select(t => t.Clone())], KernelContext.SingleThreaded()).Where(v => v.Tag == Tag.Tensor).Select(v => v.AsTensor())];

    private static bool Same(Tensor[] a, Tensor[] b) => a.Length == b.Length && a.Zip(b).All(p => p.First.Type == p.Second.Type && p.First.Sizes.SequenceEqual(p.Second.Sizes)
        && (p.First.Type == ScalarType.Float ? Close(p.First.Span<float>(), p.Second.Span<float>()) : p.First.Bytes.SequenceEqual(p.Second.Bytes)));

    private static bool Close(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double largest = 1;
        foreach (float v in a)
            largest = Math.Max(largest, Math.Abs(v));
        for (int i = 0; i < a.Length; i++)
            if (!(Math.Abs(a[i] - b[i]) <= Tolerance * largest))
                return false;
        return true;
    }

    private static Tensor Sample(TensorSpec spec, Random random)
    {
        var tensor = Tensor.Empty(spec.Type, spec.MaxSizes);
        if (spec.Type == ScalarType.Float)
            foreach (ref float v in tensor.Span<float>())
                v = (random.NextSingle() * 2) - 1;
        return tensor;
    }
}
