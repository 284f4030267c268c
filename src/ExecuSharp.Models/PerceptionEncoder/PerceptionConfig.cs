namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>Which towers a Perception Encoder has, and their sizes.</summary>
/// <param name="Name">Published name, or one made from the sizes.</param>
/// <param name="Vision">Vision tower; null in a file with the text tower alone.</param>
/// <param name="Text">Text tower; null in vision-only files.</param>
public sealed record PerceptionConfig(string Name, VisionTowerConfig? Vision, TextTowerConfig? Text)
{
    /// <summary>True if it is one of the published models.</summary>
    public bool IsPublished => PerceptionCatalog.Find(Name) is not null;
}
