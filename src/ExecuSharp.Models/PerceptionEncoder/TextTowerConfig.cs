namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>Sizes of a Perception Encoder's text tower.</summary>
/// <param name="Context">Number of token ids that it takes.</param>
/// <param name="Vocabulary">Rows of the token table; start and end are the last two ids.</param>
/// <param name="Width">Channels of a token.</param>
/// <param name="Layers">Number of blocks.</param>
/// <param name="Heads">Attention heads of a block.</param>
/// <param name="Mlp">Channels between the two linear layers of a block.</param>
/// <param name="OutputDim">Size of the embedding.</param>
public sealed record TextTowerConfig(int Context, int Vocabulary, int Width, int Layers, int Heads, int Mlp, int OutputDim)
{
    /// <summary>Merges of the byte-pair vocabulary: all rows but 512 byte symbols and the two special tokens.</summary>
    public int Merges => Vocabulary - 514;

    /// <summary>Multiply-accumulate operations of one text.</summary>
    public long MultiplyAccumulates => (Layers * ((4L * Context * Width * Width) + (2L * Context * Width * Mlp) + (2L * Context * Context * Width))) + ((long)Width * OutputDim);

    /// <summary>Number of weights.</summary>
    public long Parameters
    {
        get
        {
            long w = Width;
            long block = (4 * w * w) + (4 * w) + (2 * w * Mlp) + Mlp + w + (4 * w);
            return (Vocabulary * w) + (Context * w) + (Layers * block) + (2 * w) + (w * OutputDim);
        }
    }
}
