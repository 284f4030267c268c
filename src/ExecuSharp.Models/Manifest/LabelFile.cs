using System.Text.Json;
using ExecuSharp.Core;

namespace ExecuSharp.Models.Manifest;

/// <summary>
/// Reads label lists: text with a label a line (empty lines and those that begin with # do not count), or JSON: a list of labels, or an object with <c>labels</c> (a list, or
/// an object of named lists), <c>templates</c>, <c>prompts</c> (sentences by label) and <c>adapt_article</c>.
/// </summary>
public static class LabelFile
{
    private const long MaxBytes = 16 << 20;

    /// <summary>Reads every list of a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing or no label list.</exception>
    public static IReadOnlyList<LabelSet> Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes } info)
                throw new ModelFormatException("the file", $"at most {MaxBytes} bytes", $"{info.Length}", path);
            byte[] bytes = File.ReadAllBytes(path);
            string name = Path.GetFileNameWithoutExtension(path);
            return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ParseJson(bytes, name) : [new LabelSet(name, ParseText(System.Text.Encoding.UTF8.GetString(bytes)), [])];
        }
        catch (ModelFormatException e)
        {
            throw e.In(path);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new ModelFormatException("the file", "a readable label list", e.Message, path, e);
        }
    }

    /// <summary>The labels of a text, one a line.</summary>
    public static string[] ParseText(string text) =>
        [.. text.TrimStart('\uFEFF').Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#')];

    private static List<LabelSet> ParseJson(byte[] bytes, string name)
    {
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 });
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Array)
            return [new LabelSet(name, Strings(root, "the list"), [])];
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("labels", out var labels))
            throw new ModelFormatException("the file", "a list, or an object with labels", root.ValueKind.ToString());
        string[] templates = root.TryGetProperty("templates", out var t) ? Strings(t, "templates") : [];
        bool article = root.TryGetProperty("adapt_article", out var a) && a.ValueKind == JsonValueKind.True;
        var prompts = root.TryGetProperty("prompts", out var p) && p.ValueKind == JsonValueKind.Object
            ? p.EnumerateObject().ToDictionary(i => i.Name, i => (IReadOnlyList<string>)Strings(i.Value, $"prompts '{i.Name}'"), StringComparer.Ordinal)
            : null;
        LabelSet Set(string setName, JsonElement list) => new(setName, Strings(list, setName), templates) { AdaptArticle = article, Prompts = prompts };
        return labels.ValueKind == JsonValueKind.Object ? [.. labels.EnumerateObject().Select(l => Set(l.Name, l.Value))] : [Set(name, labels)];
    }

    private static string[] Strings(JsonElement element, string place)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw new ModelFormatException(place, "a list of texts", element.ValueKind.ToString());
        return [.. element.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.String ? e.GetString()! : throw new ModelFormatException(place, "texts", e.ValueKind.ToString()))];
    }
}
