using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExecuSharp.Tests.System.Vision;

/// <summary>The demonstration model, converted once by the tool, and its pictures.</summary>
public sealed class ConvertedDemo : IDisposable
{
    private readonly JsonNode pictures = JsonNode.Parse(File.ReadAllBytes(Path.Combine(Tool.Samples, "pictures.json")))!;

    public ConvertedDemo()
    {
        var (code, _, error) = Tool.Run("convert", Path.Combine(Tool.Samples, "PE-Demo-T8-64.pt"), "-o", Folder);
        Assert.True(code == 0, error);
    }

    public string Folder { get; } = Tool.TemporaryFolder();

    public string Manifest => Path.Combine(Folder, "PE-Demo-T8-64.json");

    public static string LabelsFile => Path.Combine(Tool.Samples, "labels.json");

    /// <summary>Names in the order of the recorded embeddings.</summary>
    public IReadOnlyList<string> Order => [.. pictures["order"]!.AsArray().Select(p => (string)p!)];

    public static string PathOf(string picture) => Path.Combine(Tool.Samples, "pictures", picture);

    /// <summary>PyTorch's best label of a picture.</summary>
    public string Recorded(string picture) => (string)pictures["pictures"]![picture]!["top3"]![0]!;

    /// <summary>Pictures of a kind (single, none) with the colour of what they show.</summary>
    public IReadOnlyList<(string Picture, string Color)> Kind(string kind) =>
        [.. Order.Where(p => (string)pictures["pictures"]![p]!["kind"]! == kind).Select(p => (p, ((string?)pictures["pictures"]![p]!["truth"]!.AsArray().FirstOrDefault())?.Split(' ')[0] ?? ""))];

    /// <summary>A new folder with the pictures, one below for each class if the classes are named.</summary>
    public string Arrange(IEnumerable<(string Picture, string Class)> files)
    {
        string folder = Directory.CreateTempSubdirectory("execusharp").FullName;
        foreach (var (picture, name) in files)
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            File.Copy(PathOf(picture), Path.Combine(folder, name, picture));
        }
        return folder;
    }

    /// <summary>Runs classify with JSON output.</summary>
    public (int Code, JsonElement Document) Classify(params string[] args)
    {
        var (code, output, error) = Tool.Run(["classify", "--model", Manifest, "--format", "json", .. args]);
        Assert.True(output.Length > 0, error);
        return (code, JsonDocument.Parse(output).RootElement);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
