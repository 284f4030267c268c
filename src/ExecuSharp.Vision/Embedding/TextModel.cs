using ExecuSharp.Core;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Runtime;
using ExecuSharp.Vision.Text;

namespace ExecuSharp.Vision.Embedding;

/// <summary>The text program beside a manifest, with its tokenizer. Not safe for concurrent use.</summary>
public sealed class TextModel : IDisposable
{
    private readonly ModuleEncoder encoder;

    private TextModel(ModelManifest manifest, ModuleEncoder encoder, TextEmbedder embedder) => (Manifest, this.encoder, Embedder) = (manifest, encoder, embedder);

    /// <summary>The manifest.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Texts to embeddings.</summary>
    public TextEmbedder Embedder { get; }

    /// <summary>Opens the program.</summary>
    /// <param name="manifestPath">The manifest.</param>
    /// <param name="mergesFile">The tokenizer's merges; null for the file that the manifest names.</param>
    /// <param name="runtime">How the program is run.</param>
    /// <exception cref="ModelFormatException">A file is missing or broken, or the model has no text tower.</exception>
    public static TextModel Open(string manifestPath, string? mergesFile = null, RuntimeOptions? runtime = null)
    {
        var manifest = ModelManifest.Read(manifestPath);
        var input = manifest.Text ?? throw new ModelFormatException("text", "a text input", "none: the model has no text tower, labels need example pictures", manifestPath);
        string merges = mergesFile ?? (input.MergesFile is { } file ? ManifestFiles.Beside(manifestPath, file) : null)
            ?? throw new ModelFormatException("text.merges_file", "the merge file of the tokenizer (bpe_simple_vocab_16e6.txt.gz)", "none, and none was given", manifestPath);
        var tokenizer = LoadTokenizer(merges, input);
        var encoder = new ModuleEncoder(Module.Load(ManifestFiles.Beside(manifestPath, ManifestFiles.Program(manifestPath, manifest, "text").File), runtime));
        return new TextModel(manifest, encoder, new TextEmbedder(encoder, tokenizer, input));
    }

    /// <summary>Frees the program.</summary>
    public void Dispose() => encoder.Dispose();

    private static ClipTokenizer LoadTokenizer(string path, TextInput input)
    {
        try
        {
            return ClipTokenizer.Load(File.ReadAllBytes(path), input.Vocabulary);
        }
        catch (ModelFormatException e)
        {
            throw e.In(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFormatException("the file", "a readable merge file", e.Message, path, e);
        }
    }
}
