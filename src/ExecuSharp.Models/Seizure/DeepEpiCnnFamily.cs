using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models.Seizure;

/// <summary>DeepEpiCnn: fourteen 1-D convolutions and a dense head on the acceleration magnitude (after Spahr et al., Epilepsia 2025).</summary>
public sealed class DeepEpiCnnFamily : IModelFamily
{
    /// <inheritdoc/>
    public string Name => "DeepEpiCnn";

    /// <inheritdoc/>
    public IReadOnlyList<ArchitectureInfo> Published { get; } =
        [new("DeepEpiCnn", "DeepEpiCnn", "seizure detection from a wrist accelerometer", "signal 1x750 (any length from 125)", "logits 2", 97_362, 97_362, 26_100_000, null)];

    /// <inheritdoc/>
    public IDetectedModel? Detect(Checkpoint checkpoint, string? name = null)
    {
        if (!checkpoint.Names.Any(n => n.StartsWith("conv_stack.", StringComparison.Ordinal)))
            return null;
        var stack = new ConvStack(checkpoint);
        if (stack.Count == 0)
            return null;
        var head = new DenseHead(checkpoint, stack.Outputs, defaultCount: 4);
        var check = new KeyCheck(checkpoint, $"a DeepEpiCnn with {stack.Count} convolutions");
        stack.Require(check);
        head.Require(check);
        check.Finish();
        return new DeepEpiCnn(checkpoint, stack, head);
    }
}
