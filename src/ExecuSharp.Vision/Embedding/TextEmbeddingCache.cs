using System.Security.Cryptography;
using System.Text.Json;
using ExecuSharp.Models.Embeddings;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Vision.Embedding;

/// <summary>Class matrices kept in a folder as <c>.safetensors</c>, found again by the text program, the labels and their sentences.</summary>
/// <param name="folder">The folder; made when something is written.</param>
public sealed class TextEmbeddingCache(string folder)
{
    /// <summary>The matrix from the folder, or a new one that is then kept there. A broken file is made anew.</summary>
    /// <param name="modelHash">Checksum of the text program.</param>
    /// <param name="labels">Labels and templates.</param>
    /// <param name="make">Makes the matrix.</param>
    public ClassMatrix GetOrAdd(string modelHash, LabelSet labels, Func<ClassMatrix> make)
    {
        string key = Key(modelHash, labels);
        string path = Path.Combine(folder, key + ".safetensors");
        if (ClassMatrix.TryLoad(path, key) is { } known && known.Labels.SequenceEqual(labels.Labels))
            return known;
        var made = make();
        Directory.CreateDirectory(folder);
        made.Save(path, key);
        return made;
    }

    private static string Key(string modelHash, LabelSet labels)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartArray();
            json.WriteStringValue(modelHash);
            foreach (var (label, prompts) in labels.Labels.Zip(LabelPrompts.Of(labels)))
            {
                json.WriteStartArray();
                json.WriteStringValue(label);
                foreach (string prompt in prompts)
                    json.WriteStringValue(prompt);
                json.WriteEndArray();
            }
            json.WriteEndArray();
        }
        return Convert.ToHexStringLower(SHA256.HashData(text.ToArray()));
    }
}
