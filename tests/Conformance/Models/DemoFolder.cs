using System.Text.Json.Nodes;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>The trained demonstration model of the repository.</summary>
internal static class DemoFolder
{
    public static string Root { get; } = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Corpus.Folder))!, "samples", "demo");

    public static string Get(params string[] parts) => Path.Combine([Root, .. parts]);

    public static JsonObject Json(string file) => JsonNode.Parse(File.ReadAllBytes(Get(file)))!.AsObject();

    /// <summary>A label list with the templates.</summary>
    public static LabelSet Labels(string name) => LabelFile.Read(Get("labels.json")).Single(l => l.Name == name) with { AdaptArticle = true };
}
