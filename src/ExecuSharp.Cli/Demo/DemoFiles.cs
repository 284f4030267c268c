using System.Text.Json;
using ExecuSharp.Core;

namespace ExecuSharp.Cli.Demo;

/// <summary>The small trained model that ships with the tool: checkpoint, pictures, labels, and what PyTorch answered.</summary>
internal sealed class DemoFiles
{
    private DemoFiles(string folder)
    {
        Folder = folder;
        try
        {
            using var labels = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "labels.json")));
            Objects = [.. labels.RootElement.GetProperty("labels").GetProperty("objects").EnumerateArray().Select(l => l.GetString()!)];
            Prompts = labels.RootElement.GetProperty("prompts").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(t => t.GetString()!).ToArray());
            using var pictures = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "pictures.json")));
            var facts = pictures.RootElement.GetProperty("pictures");
            Pictures = [.. pictures.RootElement.GetProperty("order").EnumerateArray().Select(o => Picture(o.GetString()!, facts))];
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ModelFormatException("the demonstration files", "labels.json and pictures.json as shipped", e.Message, folder, e);
        }
    }

    public string Folder { get; }

    public string Checkpoint => Path.Combine(Folder, "PE-Demo-T8-64.pt");

    public IReadOnlyList<string> Objects { get; }

    public IReadOnlyDictionary<string, string[]> Prompts { get; }

    public IReadOnlyList<DemoPicture> Pictures { get; }

    public static DemoFiles Find() => new(Path.Combine(AppContext.BaseDirectory, "demo"));

    private DemoPicture Picture(string name, JsonElement facts)
    {
        var entry = facts.GetProperty(name);
        return new DemoPicture(Path.Combine(Folder, "pictures", name), name, string.Join(", ", entry.GetProperty("truth").EnumerateArray().Select(t => t.GetString())), entry.GetProperty("top3")[0].GetString()!);
    }
}
