using System.Text.Json;
using ExecuSharp.Core;

namespace ExecuSharp.Models.Manifest;

/// <summary>What an app must know to use a converted model, written as JSON beside its programs.</summary>
public sealed record ModelManifest
{
    private const long MaxBytes = 64 << 20;

    /// <summary>The format of the file.</summary>
    public const string CurrentSchema = "execusharp.model/1";

    /// <summary>Format of the file: <see cref="CurrentSchema"/>.</summary>
    public string Schema { get; init; } = CurrentSchema;

    /// <summary>Name of the model.</summary>
    public required string Name { get; init; }

    /// <summary>Architecture.</summary>
    public required string Family { get; init; }

    /// <summary>Checkpoint that it was made from.</summary>
    public string? Source { get; init; }

    /// <summary>Checksum of the checkpoint.</summary>
    public string? SourceSha256 { get; init; }

    /// <summary>Programs.</summary>
    public IReadOnlyList<ProgramEntry> Programs { get; init; } = [];

    /// <summary>Input of the vision program.</summary>
    public ImageInput? Image { get; init; }

    /// <summary>How positions were taken to another image size than the trained one: <c>official</c> or <c>timm</c>; null at the trained size.</summary>
    public string? Positions { get; init; }

    /// <summary>Input of the text program.</summary>
    public TextInput? Text { get; init; }

    /// <summary>Input of a signal network.</summary>
    public SignalInput? Signal { get; init; }

    /// <summary>Size of an embedding.</summary>
    public int? EmbeddingDim { get; init; }

    /// <summary>True if the programs divide embeddings by their length.</summary>
    public bool Normalized { get; init; }

    /// <summary>Natural logarithm of the factor between cosines and logits.</summary>
    public float? LogitScale { get; init; }

    /// <summary>What the outputs of a network with fixed classes mean, in order.</summary>
    public IReadOnlyList<string>? Classes { get; init; }

    /// <summary>True if the outputs of such a network are probabilities already; else they are logits.</summary>
    public bool OutputsProbabilities { get; init; }

    /// <summary>Label sets that come with the model.</summary>
    public IReadOnlyList<LabelSet> Labels { get; init; } = [];

    /// <summary>The program of this name, or null.</summary>
    public ProgramEntry? Find(string program) => Programs.FirstOrDefault(p => p.Name == program);

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="ModelFormatException">The file is missing or no manifest.</exception>
    public static ModelManifest Read(string path)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes } info)
                throw new ModelFormatException("the manifest", $"at most {MaxBytes} bytes", $"{info.Length}", path);
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFormatException("the file", "a readable manifest", e.Message, path, e);
        }
        try
        {
            return Parse(bytes);
        }
        catch (ModelFormatException e)
        {
            throw e.In(path);
        }
    }

    /// <summary>Reads a manifest from UTF-8 JSON.</summary>
    /// <exception cref="ModelFormatException">The bytes are no manifest.</exception>
    public static ModelManifest Parse(ReadOnlySpan<byte> json)
    {
        ModelManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.ModelManifest) ?? throw new ModelFormatException("the manifest", "an object", "null");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(e.Path ?? "the manifest", "a model manifest", e.Message, null, e);
        }
        return manifest.Schema == CurrentSchema ? manifest : throw new ModelFormatException("schema", CurrentSchema, manifest.Schema);
    }

    /// <summary>The manifest as indented UTF-8 JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.ModelManifest);
}
