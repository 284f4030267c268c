namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>Sizes of a Perception Encoder's vision tower.</summary>
/// <param name="ImageSize">Height and width of the images that it was trained on, in pixels.</param>
/// <param name="PatchSize">Side of a patch in pixels.</param>
/// <param name="Width">Channels of a token.</param>
/// <param name="Layers">Number of blocks.</param>
/// <param name="Heads">Attention heads of a block.</param>
/// <param name="Mlp">Channels between the two linear layers of a block.</param>
/// <param name="OutputDim">Size of the embedding; null for a tower that gives features.</param>
/// <param name="UseClassToken">Token 0 is a class token, and rotary positions start at 1.</param>
/// <param name="UsePool">Final layer norm, attention pool and projection follow the blocks.</param>
/// <param name="LayerScale">Each branch of a block has a factor for each channel.</param>
/// <param name="PoolHeads">Attention heads of the pool.</param>
public sealed record VisionTowerConfig(
    int ImageSize, int PatchSize, int Width, int Layers, int Heads, int Mlp, int? OutputDim, bool UseClassToken, bool UsePool, bool LayerScale = false, int PoolHeads = 8)
{
    /// <summary>Patches along a side of the training image.</summary>
    public int Grid => ImageSize / PatchSize;

    /// <summary>Tokens of an image of the training size.</summary>
    public int Tokens => (Grid * Grid) + (UseClassToken ? 1 : 0);

    /// <summary>Multiply-accumulate operations of one image of the given number of tokens.</summary>
    public long MultiplyAccumulates(int tokens)
    {
        long s = tokens, d = Width, patches = tokens - (UseClassToken ? 1 : 0);
        long blocks = Layers * ((4 * s * d * d) + (2 * s * d * Mlp) + (2 * s * s * d));
        long pool = UsePool ? (2 * s * d * d) + (2 * s * d) + (10 * d * d) + (d * (OutputDim ?? 0)) : 0;
        return (patches * 3 * PatchSize * PatchSize * d) + blocks + pool;
    }

    /// <summary>Number of weights.</summary>
    public long Parameters
    {
        get
        {
            long d = Width;
            long block = (4 * d * d) + (4 * d) + (2 * d * Mlp) + Mlp + d + (4 * d) + (LayerScale ? 2 * d : 0);
            long pool = UsePool ? (2 * d) + d + (4 * d * d) + (4 * d) + (2 * d) + (8 * d * d) + (5 * d) + (d * (OutputDim ?? 0)) : 0;
            return (3L * PatchSize * PatchSize * d) + (Tokens * d) + (UseClassToken ? d : 0) + (2 * d) + (Layers * block) + pool;
        }
    }
}
