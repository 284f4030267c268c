using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.Seizure;

/// <summary>The convolutions of a CNN-LSTM over one window: <c>cnn_extractor.conv1 bn1 … fc_feature</c>.</summary>
internal sealed class WindowExtractor
{
    private const string Prefix = "cnn_extractor.";
    private const double Epsilon = 1e-5;

    private readonly Checkpoint checkpoint;
    private readonly List<(long Inputs, long Outputs, long Kernel)> blocks = [];

    public WindowExtractor(Checkpoint checkpoint)
    {
        this.checkpoint = checkpoint;
        int count = 4;
        while (checkpoint.Tensors.ContainsKey($"{Prefix}conv{count + 1}.weight"))
            count++;
        long inputs = checkpoint.Tensors.TryGetValue($"{Prefix}conv1.weight", out var first) && first.Shape is [_, var channels, _] ? channels : 1;
        Inputs = inputs;
        for (int i = 1; i <= count; i++)
        {
            long outputs = DenseHead.NormWidth(checkpoint, $"{Prefix}conv{i}", $"{Prefix}bn{i}") ?? inputs;
            blocks.Add((inputs, outputs, checkpoint.Tensors.TryGetValue($"{Prefix}conv{i}.weight", out var w) && w.Shape is [_, _, var kernel] ? kernel : 5));
            inputs = outputs;
        }
        Features = DenseHead.NormWidth(checkpoint, Prefix + "fc_feature", Prefix + "fc_feature") ?? inputs;
    }

    /// <summary>Channels of the signal.</summary>
    public long Inputs { get; }

    /// <summary>Features of a window.</summary>
    public long Features { get; }

    /// <summary>The shortest window.</summary>
    public int MinimumLength => (int)Math.Min(1 + blocks.Sum(b => b.Kernel - 1), SeizureConfiguration.MaxLength);

    public void Require(KeyCheck check)
    {
        for (int i = 0; i < blocks.Count; i++)
        {
            DenseHead.RequireLinear(check, $"{Prefix}conv{i + 1}", blocks[i].Outputs, blocks[i].Inputs, blocks[i].Kernel);
            DenseHead.RequireNorm(check, $"{Prefix}bn{i + 1}", blocks[i].Outputs);
        }
        DenseHead.RequireLinear(check, Prefix + "fc_feature", Features, blocks[^1].Outputs);
    }

    /// <summary>x is [windows, channels, length], the result [windows, features].</summary>
    public Value Add(Layers layers, Value x)
    {
        for (int i = 1; i <= blocks.Count; i++)
        {
            var (weight, bias) = BatchNormFold.Apply(checkpoint, $"{Prefix}conv{i}", $"{Prefix}bn{i}", Epsilon);
            x = layers.Relu(layers.Convolution(x, weight, bias, [1], [0], $"{Prefix}conv{i}"));
        }
        return layers.Linear(layers.MeanOverLength(x), Weights.Float(checkpoint.Tensors[Prefix + "fc_feature.weight"]), Weights.Float(checkpoint.Tensors[Prefix + "fc_feature.bias"]), Prefix + "fc_feature");
    }
}
