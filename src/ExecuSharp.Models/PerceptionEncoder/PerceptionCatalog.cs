namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>The published Perception Encoders (facebookresearch/perception_models, core/vision_encoder/config.py). Of two with the same sizes, which their tensors cannot tell apart, the plain one is first.</summary>
public static class PerceptionCatalog
{
    private static readonly TextTowerConfig SmallText = new(32, 49408, 512, 12, 8, 2048, 512);
    private static readonly TextTowerConfig LargeText = new(32, 49408, 1024, 24, 16, 4096, 1024);
    private static readonly TextTowerConfig GiantText = new(72, 49408, 1280, 24, 20, 5120, 1280);
    private static readonly VisionTowerConfig LargeLanguage = new(448, 14, 1024, 23, 16, 4096, null, true, false, true);
    private static readonly VisionTowerConfig GiantLanguage = new(448, 14, 1536, 47, 16, 8960, null, false, false, true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PerceptionConfig> All { get; } =
    [
        new("PE-Core-T16-384", new(384, 16, 192, 12, 3, 768, 512, true, true), SmallText),
        new("PE-Core-S16-384", new(384, 16, 384, 12, 6, 1536, 512, true, true), SmallText),
        new("PE-Core-B16-224", new(224, 16, 768, 12, 12, 3072, 1024, true, true), LargeText),
        new("PE-Core-L14-336", new(336, 14, 1024, 24, 16, 4096, 1024, true, true), LargeText),
        new("PE-Core-G14-448", new(448, 14, 1536, 50, 16, 8960, 1280, false, true), GiantText),
        new("PE-Spatial-T16-512", new(512, 16, 192, 12, 3, 768, null, true, false), null),
        new("PE-Spatial-S16-512", new(512, 16, 384, 12, 6, 1536, null, true, false), null),
        new("PE-Spatial-B16-512", new(512, 16, 768, 12, 12, 3072, null, true, false), null),
        new("PE-Spatial-L14-448", new(448, 14, 1024, 24, 16, 4096, null, true, false), null),
        new("PE-Spatial-G14-448", new(448, 14, 1536, 50, 16, 8960, null, false, false, true), null),
        new("PE-Lang-L14-448", LargeLanguage, null),
        new("PE-Lang-L14-448-Tiling", LargeLanguage, null),
        new("PE-Lang-G14-448", GiantLanguage, null),
        new("PE-Lang-G14-448-Tiling", GiantLanguage, null),
    ];

    /// <summary>The model of this name, without regard to case.</summary>
    public static PerceptionConfig? Find(string name) => All.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The published model with exactly these sizes, or null. A missing tower matches any.</summary>
    internal static PerceptionConfig? Match(VisionTowerConfig? vision, TextTowerConfig? text) => vision is null
        ? null
        : All.FirstOrDefault(c => c.Vision == vision && (text is null || c.Text == text));
}
