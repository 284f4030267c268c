using ExecuSharp.Core;
using Microsoft.Extensions.AI;

namespace ExecuSharp.Vision.Embedding;

/// <summary>The vision program of a converted model as a generator of Microsoft.Extensions.AI; inputs hold the bytes of picture files.</summary>
/// <example><code>
/// using var images = ImageEmbeddingGenerator.Open("PE-Core-T16-384.json");
/// ReadOnlyMemory&lt;float&gt; photo = await images.GenerateVectorAsync(new DataContent(File.ReadAllBytes("photo.jpg"), "image/jpeg"));
/// </code></example>
public sealed class ImageEmbeddingGenerator : EmbeddingGenerator<DataContent>
{
    private readonly ImageEmbedder embedder;

    /// <summary>Makes a generator.</summary>
    /// <param name="embedder">Pictures to embeddings; used by nobody else meanwhile.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="dimensions">Size of an embedding, if known.</param>
    /// <param name="owner">Disposed with the generator.</param>
    /// <param name="time">Clock for the embeddings' time; null for the system's.</param>
    public ImageEmbeddingGenerator(ImageEmbedder embedder, string? model = null, int? dimensions = null, IDisposable? owner = null, TimeProvider? time = null)
        : base(model, dimensions, owner, time) => this.embedder = embedder;

    /// <summary>Opens the vision program beside a manifest.</summary>
    /// <exception cref="ModelFormatException">A file is missing or broken, or the model takes no pictures.</exception>
    public static ImageEmbeddingGenerator Open(string manifestPath)
    {
        var model = ImageModel.Open(manifestPath);
        return new ImageEmbeddingGenerator(model.Embedder, model.Manifest.Name, model.Manifest.EmbeddingDim, model);
    }

    private protected override float[] Embed(DataContent input) => input.HasTopLevelMediaType("image")
        ? embedder.Embed(input.Data.Span)
        : throw new ModelFormatException("the media type", "an image", input.MediaType);
}
