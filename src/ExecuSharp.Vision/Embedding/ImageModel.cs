using ExecuSharp.Core;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Runtime;

namespace ExecuSharp.Vision.Embedding;

/// <summary>The vision program beside a manifest. Not safe for concurrent use.</summary>
public sealed class ImageModel : IDisposable
{
    private readonly ModuleEncoder encoder;

    private ImageModel(ModelManifest manifest, ModuleEncoder encoder, ImageEmbedder embedder) => (Manifest, this.encoder, Embedder) = (manifest, encoder, embedder);

    /// <summary>The manifest.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Pictures to embeddings.</summary>
    public ImageEmbedder Embedder { get; }

    /// <summary>Opens the program.</summary>
    /// <exception cref="ModelFormatException">A file is missing or broken, or the model takes no pictures.</exception>
    public static ImageModel Open(string manifestPath, RuntimeOptions? runtime = null)
    {
        var manifest = ModelManifest.Read(manifestPath);
        var image = manifest.Image ?? throw new ModelFormatException("image", "an image input", "none", manifestPath);
        string program = manifest.Programs.Count == 1 ? manifest.Programs[0].File : ManifestFiles.Program(manifestPath, manifest, "vision").File;
        var encoder = new ModuleEncoder(Module.Load(ManifestFiles.Beside(manifestPath, program), runtime));
        try
        {
            return new ImageModel(manifest, encoder, new ImageEmbedder(encoder, image));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Frees the program.</summary>
    public void Dispose() => encoder.Dispose();
}
