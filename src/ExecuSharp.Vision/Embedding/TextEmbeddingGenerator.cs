using ExecuSharp.Core;

namespace ExecuSharp.Vision.Embedding;

/// <summary>The text program of a converted model as a generator of Microsoft.Extensions.AI.</summary>
/// <example><code>
/// using var texts = TextEmbeddingGenerator.Open("PE-Core-T16-384.json");
/// ReadOnlyMemory&lt;float&gt; cat = await texts.GenerateVectorAsync("a photo of a cat");
/// </code></example>
public sealed class TextEmbeddingGenerator : EmbeddingGenerator<string>
{
    private readonly TextEmbedder embedder;

    /// <summary>Makes a generator.</summary>
    /// <param name="embedder">Texts to embeddings; used by nobody else meanwhile.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="dimensions">Size of an embedding, if known.</param>
    /// <param name="owner">Disposed with the generator.</param>
    /// <param name="time">Clock for the embeddings' time; null for the system's.</param>
    public TextEmbeddingGenerator(TextEmbedder embedder, string? model = null, int? dimensions = null, IDisposable? owner = null, TimeProvider? time = null)
        : base(model, dimensions, owner, time) => this.embedder = embedder;

    /// <summary>Opens the text program beside a manifest.</summary>
    /// <param name="manifestPath">The manifest.</param>
    /// <param name="mergesFile">The tokenizer's merges; null for the file that the manifest names.</param>
    /// <exception cref="ModelFormatException">A file is missing or broken, or the model has no text tower.</exception>
    public static TextEmbeddingGenerator Open(string manifestPath, string? mergesFile = null)
    {
        var model = TextModel.Open(manifestPath, mergesFile);
        return new TextEmbeddingGenerator(model.Embedder, model.Manifest.Name, model.Manifest.EmbeddingDim, model);
    }

    private protected override float[] Embed(string input) => embedder.Embed(input);
}
