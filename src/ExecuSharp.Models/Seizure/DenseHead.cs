using System.Globalization;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.Seizure;

/// <summary>The classifier at the end: <c>fc1 bn1 … fcN bnN fc_out</c>, ReLU after each normalisation.</summary>
internal sealed class DenseHead
{
    private const double Epsilon = 1e-5;

    private readonly Checkpoint checkpoint;
    private readonly int count;
    private readonly long[] widths;

    public DenseHead(Checkpoint checkpoint, long inputs, int defaultCount)
    {
        this.checkpoint = checkpoint;
        count = checkpoint.Names.Select(Index).Append(defaultCount).Max();
        widths = new long[count + 1];
        widths[0] = inputs;
        for (int i = 1; i <= count; i++)
            widths[i] = NormWidth(checkpoint, $"fc{i}", $"bn{i}") ?? widths[i - 1];
        Outputs = NormWidth(checkpoint, "fc_out", "fc_out") ?? 2;
    }

    /// <summary>Number of classes.</summary>
    public long Outputs { get; }

    public void Require(KeyCheck check)
    {
        for (int i = 1; i <= count; i++)
        {
            RequireLinear(check, $"fc{i}", widths[i], widths[i - 1]);
            RequireNorm(check, $"bn{i}", widths[i]);
        }
        RequireLinear(check, "fc_out", Outputs, widths[count]);
    }

    /// <summary>x is [batch, channels], the result the logits [batch, classes].</summary>
    public Value Add(Layers layers, Value x)
    {
        for (int i = 1; i <= count; i++)
        {
            var (weight, bias) = BatchNormFold.Apply(checkpoint, $"fc{i}", $"bn{i}", Epsilon);
            x = layers.Relu(layers.Linear(x, weight, bias, $"fc{i}"));
        }
        return layers.Linear(x, Weights.Float(checkpoint.Tensors["fc_out.weight"]), Weights.Float(checkpoint.Tensors["fc_out.bias"]), "fc_out");
    }

    public static void RequireLinear(KeyCheck check, string name, params ReadOnlySpan<long> shape)
    {
        check.Require(name + ".weight", shape);
        check.Require(name + ".bias", shape[0]);
    }

    public static void RequireNorm(KeyCheck check, string name, long channels)
    {
        foreach (string part in (ReadOnlySpan<string>)["weight", "bias", "running_mean", "running_var"])
            check.Require($"{name}.{part}", channels);
        check.Ignore(name + ".num_batches_tracked");
    }

    /// <summary>Output channels of a layer, from whichever of its tensors is there.</summary>
    public static long? NormWidth(Checkpoint checkpoint, string layer, string norm)
    {
        foreach (string key in (ReadOnlySpan<string>)[layer + ".weight", layer + ".bias", norm + ".weight", norm + ".running_mean"])
            if (checkpoint.Tensors.TryGetValue(key, out StoredTensor? tensor) && tensor.Shape.Length > 0)
                return tensor.Shape[0];
        return null;
    }

    private static int Index(string name) => name.StartsWith("fc", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(2, name.Length - 9), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < 100 ? index : 0;
}
