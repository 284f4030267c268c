using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Models.Seizure;

namespace ExecuSharp.Models.MobileNet;

/// <summary>MobileNetV2 with torchvision's keys, of any width.</summary>
public sealed class MobileNetV2Family : IModelFamily
{
    internal const string First = "features.0";
    internal const string Last = "features.18";
    internal const string Classifier = "classifier.1";

    /// <inheritdoc/>
    public string Name => "MobileNetV2";

    /// <inheritdoc/>
    public IReadOnlyList<ArchitectureInfo> Published { get; } =
        [new("MobileNetV2", "MobileNetV2", "image classification", "image 3x224x224", "logits 1000", 3_504_872, 3_504_872, 300_774_272, "ImageNet-1k top-1 71.9 % (torchvision, IMAGENET1K_V1)")];

    /// <inheritdoc/>
    public IDetectedModel? Detect(Checkpoint checkpoint, string? name = null)
    {
        long Channels(string layer) => checkpoint.Tensors.TryGetValue(layer + ".weight", out var weight) && weight.Shape is [var outputs, ..] ? outputs : 0;
        long first = Channels(First + ".0"), last = Channels(Last + ".0"), classes = Channels(Classifier);
        if (first == 0 || last == 0 || classes == 0 || Channels("features.1.conv.0.0") == 0)
            return null;
        var blocks = InvertedResidual.All(first, Channels);
        var check = new KeyCheck(checkpoint, "a MobileNetV2");
        Require(check, First + ".0", First + ".1", first, 3, 3);
        foreach (var block in blocks)
        {
            if (block.Expansion != 1)
                Require(check, block.Prefix + "conv.0.0", block.Prefix + "conv.0.1", block.Hidden, block.Inputs, 1);
            Require(check, block.Depthwise + "0", block.Depthwise + "1", block.Hidden, 1, 3);
            Require(check, block.Projection, block.ProjectionNorm, block.Outputs, block.Hidden, 1);
        }
        Require(check, Last + ".0", Last + ".1", last, blocks[^1].Outputs, 1);
        DenseHead.RequireLinear(check, Classifier, classes, last);
        check.Finish();
        return new MobileNetV2(checkpoint, blocks);
    }

    private static void Require(KeyCheck check, string convolution, string norm, long outputs, long inputs, long kernel)
    {
        check.Require(convolution + ".weight", outputs, inputs, kernel, kernel);
        DenseHead.RequireNorm(check, norm, outputs);
    }
}
