using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Formats.TorchArchive;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Models.Checkpoints;

/// <summary>
/// The weights of a model by name, in the order of the file, with the configuration that the file or its neighbour holds. Weights are read when
/// they are used; keep the object until graphs made from it are written.
/// </summary>
public sealed class Checkpoint : IDisposable
{
    private const long MaxConfigurationBytes = 16 << 20;

    private static readonly string[] Neighbours = ["model.json", "case.json", "open_clip_config.json", "config.json"];

    private readonly Dictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);
    private readonly List<string> names = [];
    private readonly IDisposable? owner;

    /// <summary>A checkpoint from tensors at hand.</summary>
    /// <param name="name">Name for messages.</param>
    /// <param name="tensors">Names and tensors.</param>
    /// <param name="configuration">Configuration, or null.</param>
    /// <param name="owner">Disposed with the checkpoint.</param>
    public Checkpoint(string name, IEnumerable<KeyValuePair<string, StoredTensor>> tensors, JsonObject? configuration = null, IDisposable? owner = null)
    {
        Name = name;
        Configuration = configuration;
        this.owner = owner;
        foreach (var (key, tensor) in tensors)
        {
            if (!this.tensors.TryAdd(key, tensor))
                throw new ModelFormatException("the state dict", "each name once", $"'{key}' twice", name);
            names.Add(key);
        }
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    /// <summary>The path, or null for a checkpoint from memory.</summary>
    public string? Path { get; private init; }

    /// <summary>Tensor names in the order of the file.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Tensors by name.</summary>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => tensors;

    /// <summary>The configuration: the <c>config</c> entry of a training checkpoint, else a JSON file beside it; null if there is none.</summary>
    public JsonObject? Configuration { get; }

    /// <summary>
    /// Opens a torch checkpoint (<c>.pt .pth .bin .ckpt</c>), a <c>.safetensors</c> file, or the <c>.index.json</c> of a split one. Without
    /// <paramref name="configurationPath"/> the configuration is looked for in the file, then beside it as the same name with <c>.json</c>, <c>model.json</c>, <c>case.json</c>,
    /// <c>open_clip_config.json</c> and <c>config.json</c>.
    /// </summary>
    /// <exception cref="ModelFormatException">The file is missing or broken.</exception>
    public static Checkpoint Open(string path, string? configurationPath = null)
    {
        string name = System.IO.Path.GetFileName(path);
        var outside = configurationPath is null ? null : ReadConfiguration(configurationPath);
        if (name.EndsWith(SafeTensorsIndex.Extension, StringComparison.OrdinalIgnoreCase))
        {
            var index = SafeTensorsIndex.Open(path);
            return new Checkpoint(name, index.Tensors, outside ?? Beside(path), index) { Path = path };
        }
        if (LooksLikeSafeTensors(path))
        {
            var file = SafeTensorsFile.Open(path);
            return new Checkpoint(name, file.Tensors, outside ?? Beside(path), file) { Path = path };
        }
        var torch = TorchCheckpoint.Load(path);
        try
        {
            return new Checkpoint(name, torch.StateDict(), outside ?? Inside(torch) ?? Beside(path), torch) { Path = path };
        }
        catch (ModelFormatException e)
        {
            torch.Dispose();
            throw e.In(path);
        }
    }

    /// <summary>The SHA-256 of the file in lower-case hexadecimal digits; null for a checkpoint from memory.</summary>
    public string? ComputeSha256()
    {
        if (Path is null)
            return null;
        using var stream = File.OpenRead(Path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => owner?.Dispose();

    private static bool LooksLikeSafeTensors(string path)
    {
        if (path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
            return true;
        using var source = ByteSource.Open(path);
        if (source.Length < 10)
            return false;
        var head = source.Slice(0, 9).Span;
        return head[8] == '{' && BitConverter.ToInt64(head) is > 0 and var length && length <= source.Length - 8;
    }

    private static JsonObject? Inside(TorchCheckpoint torch) =>
        torch.Root.Get("config") is { } config && config is PickleDict or PickleObject ? PickleJson.ToNode(config) as JsonObject : null;

    private static JsonObject? Beside(string path)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        string own = System.IO.Path.GetFileNameWithoutExtension(path) + ".json";
        foreach (string candidate in Neighbours.Prepend(own).Select(n => System.IO.Path.Combine(folder, n)))
            if (new FileInfo(candidate) is { Exists: true, Length: <= MaxConfigurationBytes } && ReadConfiguration(candidate) is var found && !IsOther(found))
                return found;
        return null;

        // An index of split weights, or the manifest of a former conversion.
        static bool IsOther(JsonObject file) => file.ContainsKey("weight_map") || (file["schema"] is JsonValue schema && schema.TryGetValue(out string? text) && text == ModelManifest.CurrentSchema);
    }

    private static JsonObject ReadConfiguration(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxConfigurationBytes } info)
                throw new ModelFormatException("the configuration", $"at most {MaxConfigurationBytes} bytes", $"{info.Length}", path);
            return JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new ModelFormatException("the configuration", "a JSON object", "another value", path);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ModelFormatException("the configuration", "a readable JSON file", e.Message, path, e);
        }
    }
}
