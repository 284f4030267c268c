namespace ExecuSharp.Models;

/// <summary>How graphs are built from a checkpoint. Options that do not concern an architecture are not looked at.</summary>
public sealed record ModelBuildOptions
{
    /// <summary>Image height in pixels, a multiple of the patch size; null for the size that the model was trained on.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>Image width in pixels; null as for the height.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>How positions are taken to another image size; null for what the library does whose layout the checkpoint has.</summary>
    public PositionConvention? Positions { get; init; }

    /// <summary>Images, or windows, of one call.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Texts of one call.</summary>
    public int TextBatch { get; init; } = 1;

    /// <summary>Embeddings are divided by their length in the graph. Off as in the official models: the caller normalises.</summary>
    public bool Normalize { get; init; }

    /// <summary>Feature towers: leave out the class token.</summary>
    public bool StripClassToken { get; init; }

    /// <summary>Feature towers: number of blocks to run; null for all.</summary>
    public int? FeatureLayers { get; init; }

    /// <summary>Samples of a signal window; null for the length in the checkpoint's configuration.</summary>
    public int? InputLength { get; init; }

    /// <summary>Every stage becomes an output of its own, behind the result and named, for comparison with other implementations.</summary>
    public bool WithStages { get; init; }
}
