namespace ExecuSharp.Models.Manifest;

/// <summary>How a text becomes the input of a text program: CLIP's byte-pair encoding, start and end token, padded with 0.</summary>
/// <param name="Context">Number of ids.</param>
/// <param name="Vocabulary">Rows of the token table: 512 byte symbols, the merges, start and end.</param>
public sealed record TextInput(int Context, int Vocabulary)
{
    /// <summary>File with the merges, beside the manifest; null for the vocabulary of CLIP, cut to the number of merges.</summary>
    public string? MergesFile { get; init; }
}
