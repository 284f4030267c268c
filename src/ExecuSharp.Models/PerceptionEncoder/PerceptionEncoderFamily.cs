using System.Globalization;
using ExecuSharp.Core;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>Perception Encoder: PE-Core, PE-Spatial and PE-Lang, from the official, timm and open_clip layouts.</summary>
public sealed class PerceptionEncoderFamily : IModelFamily
{
    private static readonly Dictionary<string, string> Accuracy = new(StringComparer.Ordinal)
    {
        ["PE-Core-T16-384"] = "ImageNet-1k zero-shot 62.1 %",
        ["PE-Core-S16-384"] = "ImageNet-1k zero-shot 72.7 %",
        ["PE-Core-B16-224"] = "ImageNet-1k zero-shot 78.4 %",
        ["PE-Core-L14-336"] = "ImageNet-1k zero-shot 83.5 %",
        ["PE-Core-G14-448"] = "ImageNet-1k zero-shot 85.4 %",
        ["PE-Spatial-T16-512"] = "ADE20k linear mIoU 27.6 %, DAVIS J&F 55.0 %",
        ["PE-Spatial-S16-512"] = "ADE20k linear mIoU 37.5 %, DAVIS J&F 57.5 %",
        ["PE-Spatial-B16-512"] = "ADE20k linear mIoU 44.4 %, DAVIS J&F 58.9 %",
        ["PE-Spatial-L14-448"] = "ADE20k linear mIoU 48.1 %, DAVIS J&F 60.6 %",
        ["PE-Spatial-G14-448"] = "ADE20k linear mIoU 49.3 %, DAVIS J&F 61.5 %",
        ["PE-Lang-L14-448"] = "with an 8B language model: DocVQA 81.9 %, TextVQA 73.0 %",
        ["PE-Lang-G14-448"] = "with an 8B language model: DocVQA 84.4 %, TextVQA 75.2 %",
    };

    /// <inheritdoc/>
    public string Name => "PerceptionEncoder";

    /// <inheritdoc/>
    public IReadOnlyList<ArchitectureInfo> Published { get; } = [.. PerceptionCatalog.All.Select(Info)];

    /// <inheritdoc/>
    public IDetectedModel? Detect(Checkpoint checkpoint, string? name = null)
    {
        if (LayoutKeys.Detect(checkpoint) is not { } keys)
            return null;
        var config = name is not null && PerceptionCatalog.Find(name) is { } wanted
            ? new PerceptionConfig(wanted.Name, keys.VisionPrefix is null ? null : wanted.Vision, keys.TextPrefix is null ? null : wanted.Text)
            : PerceptionDetector.Detect(checkpoint, keys);
        PerceptionKeys.Check(checkpoint, keys, config);
        return new PerceptionEncoderModel(checkpoint, keys, config);
    }

    private static ArchitectureInfo Info(PerceptionConfig config)
    {
        var vision = config.Vision!;
        string task = config.Name.Contains("Core", StringComparison.Ordinal) ? "image and text embeddings, zero-shot classification"
            : config.Name.Contains("Spatial", StringComparison.Ordinal) ? "dense features" : "features for language models";
        return new ArchitectureInfo(config.Name, "PerceptionEncoder", task,
            string.Create(CultureInfo.InvariantCulture, $"image 3x{vision.ImageSize}x{vision.ImageSize}"),
            vision.OutputDim is { } output ? $"embedding {output}" : $"features {vision.Tokens}x{vision.Width}",
            vision.Parameters + (config.Text is { } text ? text.Parameters + 1 : 0), vision.Parameters, vision.MultiplyAccumulates(vision.Tokens),
            Accuracy.GetValueOrDefault(config.Name), "facebook/" + config.Name, config.Name + ".pt");
    }
}
