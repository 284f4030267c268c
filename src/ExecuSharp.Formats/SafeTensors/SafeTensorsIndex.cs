using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.SafeTensors;

/// <summary>
/// Weights split over several <c>.safetensors</c> files, named by a <c>…safetensors.index.json</c> with a <c>weight_map</c>
/// from tensor to file. Files must lie beside the index.
/// </summary>
public sealed class SafeTensorsIndex : IDisposable
{
    /// <summary>End of an index's name.</summary>
    public const string Extension = ".safetensors.index.json";

    private const long MaxIndexBytes = 100_000_000;

    private readonly Dictionary<string, SafeTensorsFile> files;
    private readonly Dictionary<string, StoredTensor> byName;

    private SafeTensorsIndex(Dictionary<string, SafeTensorsFile> files, IReadOnlyList<string> names, Dictionary<string, StoredTensor> byName) =>
        (this.files, Names, this.byName) = (files, names, byName);

    /// <summary>Tensor names in the order of the index.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The file names, without folder.</summary>
    public IEnumerable<string> Files => files.Keys;

    /// <summary>Name and tensor, in the order of the index.</summary>
    public IEnumerable<KeyValuePair<string, StoredTensor>> Tensors => Names.Select(n => KeyValuePair.Create(n, byName[n]));

    /// <summary>Opens the index and all its files.</summary>
    /// <exception cref="ModelFormatException">The index or a file is missing or broken, or a tensor is not in the file that the index names.</exception>
    public static SafeTensorsIndex Open(string path)
    {
        var files = new Dictionary<string, SafeTensorsFile>(StringComparer.Ordinal);
        try
        {
            var names = new List<string>();
            var byName = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
            foreach (var (name, file) in ReadMap(path))
            {
                if (!files.TryGetValue(file, out var shard))
                    files.Add(file, shard = SafeTensorsFile.Open(Beside(path, file)));
                if (!shard.TryGet(name, out var tensor))
                    throw new ModelFormatException("weight_map", $"tensor '{name}' in {file}", "no such tensor there");
                if (!byName.TryAdd(name, tensor))
                    throw new ModelFormatException("weight_map", "each name once", $"'{name}' twice");
                names.Add(name);
            }
            return new SafeTensorsIndex(files, names, byName);
        }
        catch (Exception e) when (e is ModelFormatException or JsonException or InvalidOperationException)
        {
            foreach (var file in files.Values)
                file.Dispose();
            throw e is ModelFormatException m ? m.In(path) : new ModelFormatException("the index", "JSON", e.Message, path, e);
        }
    }

    /// <summary>The paths of the files that an index names.</summary>
    /// <exception cref="ModelFormatException">The index is missing or broken.</exception>
    public static IReadOnlyList<string> FilesOf(string path) => [.. ReadMap(path).Select(e => e.File).Distinct(StringComparer.Ordinal).Select(f => Beside(path, f))];

    /// <summary>True if there is a tensor of this name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out StoredTensor? tensor) => byName.TryGetValue(name, out tensor);

    /// <summary>Ends the mappings.</summary>
    public void Dispose()
    {
        foreach (var file in files.Values)
            file.Dispose();
    }

    private static List<(string Name, string File)> ReadMap(string path)
    {
        using var source = ByteSource.Open(path);
        if (source.Length > MaxIndexBytes)
            throw new ModelFormatException("the index", $"at most {MaxIndexBytes} bytes", $"{source.Length}");
        using var document = JsonDocument.Parse(source.Slice(0, source.Length, "the index"));
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException("the index", "an object with a weight_map", "none");
        var entries = new List<(string, string)>();
        foreach (var item in map.EnumerateObject())
        {
            if (item.Value.ValueKind != JsonValueKind.String)
                throw new ModelFormatException($"weight_map '{item.Name}'", "a file name", item.Value.ValueKind.ToString());
            entries.Add((item.Name, item.Value.GetString()!));
        }
        return entries;
    }

    private static string Beside(string index, string file)
    {
        if (file.Length == 0 || file is "." or ".." || file.AsSpan().IndexOfAny('/', '\\', ':') >= 0)
            throw new ModelFormatException("weight_map", "a file name without folder", $"'{file}'");
        return Path.Combine(Path.GetDirectoryName(Path.GetFullPath(index))!, file);
    }
}
