using ExecuSharp.Core;
using ExecuSharp.Tensors;

namespace ExecuSharp.Comparison;

/// <summary>The outputs of two models on the same inputs.</summary>
/// <param name="First">Name of the first.</param>
/// <param name="Second">Name of the second.</param>
/// <param name="Rounds">Number of inputs.</param>
/// <param name="Outputs">For each output the worst over all inputs.</param>
public sealed record ModelComparison(string First, string Second, int Rounds, IReadOnlyList<Similarity> Outputs)
{
    /// <summary>The worst output.</summary>
    public Similarity Worst => Outputs.Aggregate(new Similarity(1, double.PositiveInfinity, 0, true), Similarity.Worst);

    /// <summary>Runs both models on each set of inputs.</summary>
    /// <exception cref="ExecuTorchException">InvalidArgument: the models have different inputs or outputs.</exception>
    public static ModelComparison Run(IExecutable a, IExecutable b, IEnumerable<IReadOnlyList<Tensor>> inputs, CancellationToken cancellation = default)
    {
        if (a.Inputs.Count != b.Inputs.Count)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"{a.Name} has {a.Inputs.Count} tensor inputs, {b.Name} has {b.Inputs.Count}");
        Similarity[]? worst = null;
        int rounds = 0;
        foreach (var set in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            var x = a.Run(set);
            var y = b.Run(set);
            if (x.Count != y.Count)
                throw new ExecuTorchException(ErrorCode.InvalidArgument, $"{a.Name} has {x.Count} tensor outputs, {b.Name} has {y.Count}");
            var now = x.Zip(y, Similarity.Of).ToArray();
            worst = worst is null ? now : [.. worst.Zip(now, Similarity.Worst)];
            rounds++;
        }
        return new ModelComparison(a.Name, b.Name, rounds, worst ?? []);
    }

    /// <summary>Random inputs for a model.</summary>
    public static IEnumerable<IReadOnlyList<Tensor>> RandomInputs(IExecutable model, int rounds, int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < rounds; i++)
            yield return [.. model.Inputs.Select(s => SampleInputs.Random(s.Type, s.MaxSizes, random))];
    }
}
