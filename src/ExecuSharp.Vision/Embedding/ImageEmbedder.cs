using ExecuSharp.Core;
using ExecuSharp.Imaging;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Vision.Embedding;

/// <summary>Pictures to embeddings. Not safe for concurrent use.</summary>
/// <param name="encoder">The vision program.</param>
/// <param name="input">How pictures become its input.</param>
public sealed class ImageEmbedder(IEncoder encoder, ImageInput input)
{
    private readonly ImagePreprocessor preprocessor = new(input);

    /// <summary>The embedding of a picture as the program gives it; not of length 1 unless the program does that.</summary>
    public float[] Embed(Image image) => encoder.Encode(preprocessor.Prepare(image)).ToArray();

    /// <summary>The embedding of a picture file.</summary>
    /// <exception cref="ModelFormatException">The file is broken or of an unknown format.</exception>
    public float[] Embed(ReadOnlySpan<byte> file) => Embed(ImageDecoder.Decode(file));

    /// <summary>The embedding of a picture file on disk.</summary>
    /// <exception cref="ModelFormatException">The file is missing, broken or of an unknown format.</exception>
    public float[] EmbedFile(string path)
    {
        try
        {
            return Embed(File.ReadAllBytes(path));
        }
        catch (ModelFormatException e)
        {
            throw e.In(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ModelFormatException("the file", "a readable picture", e.Message, path, e);
        }
    }
}
