using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models.Seizure;

/// <summary>The 2022 network: n times convolution (64 channels, kernel 3, same), normalisation, ReLU; mean; softmax.</summary>
public sealed class SeizureCnnFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => "SeizureCnn";

    /// <inheritdoc/>
    public IReadOnlyList<ArchitectureInfo> Published { get; } =
        [new("SeizureCnn", "SeizureCnn", "seizure detection from a wrist accelerometer (2022)", "signal 1x125", "probabilities 2", 50_434, 50_434, 6_170_000, null)];

    /// <inheritdoc/>
    public IDetectedModel? Detect(Checkpoint checkpoint, string? name = null)
    {
        int count = 0;
        while (checkpoint.Tensors.TryGetValue($"conv{count + 1}.weight", out var weight) && weight.Shape.Length == 3)
            count++;
        if (count == 0 || !checkpoint.Tensors.ContainsKey("bn1.running_mean") || !checkpoint.Tensors.TryGetValue("fc.weight", out var last) || last.Shape.Length != 2)
            return null;
        var check = new KeyCheck(checkpoint, $"a network of {count} convolutions");
        long inputs = checkpoint.Tensors["conv1.weight"].Shape[1];
        for (int i = 1; i <= count; i++)
        {
            long outputs = checkpoint.Tensors[$"conv{i}.weight"].Shape[0];
            DenseHead.RequireLinear(check, $"conv{i}", outputs, inputs, 3);
            DenseHead.RequireNorm(check, $"bn{i}", outputs);
            inputs = outputs;
        }
        DenseHead.RequireLinear(check, "fc", last.Shape[0], inputs);
        check.Finish();
        return new SeizureCnn(checkpoint, count);
    }
}
