using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>A Perception Encoder checkpoint with known sizes.</summary>
public sealed class PerceptionEncoderModel : IDetectedModel
{
    private readonly Checkpoint checkpoint;
    private readonly LayoutKeys keys;

    internal PerceptionEncoderModel(Checkpoint checkpoint, LayoutKeys keys, PerceptionConfig config)
    {
        this.checkpoint = checkpoint;
        this.keys = keys;
        Config = config;
    }

    /// <summary>Sizes.</summary>
    public PerceptionConfig Config { get; }

    /// <summary>How the file names its tensors.</summary>
    public CheckpointLayout Layout => keys.Layout;

    /// <inheritdoc/>
    public string Name => Config.Name;

    /// <inheritdoc/>
    public string Family => "PerceptionEncoder";

    /// <inheritdoc/>
    public string Description
    {
        get
        {
            string vision = Config.Vision is { } v
                ? $"vision: image {v.ImageSize}, patch {v.PatchSize}, width {v.Width}, {v.Layers} layers, {v.Heads} heads, {(v.OutputDim is { } o ? $"embedding {o}" : "features")}"
                : "no vision tower";
            string text = Config.Text is { } t ? $"text: context {t.Context}, width {t.Width}, {t.Layers} layers, {t.Heads} heads, vocabulary {t.Vocabulary}" : "no text tower";
            return $"{vision}; {text}; {Layout} layout";
        }
    }

    /// <inheritdoc/>
    public BuiltModel Build(ModelBuildOptions? options = null)
    {
        options ??= new ModelBuildOptions();
        var programs = new List<ModelProgram>();
        if (Config.Vision is { } vision)
            programs.Add(new ModelProgram("vision", VisionTower.Build(vision, keys, options)));
        if (Config.Text is { } text)
            programs.Add(new ModelProgram("text", TextTower.Build(text, keys, options)));
        return new BuiltModel(Name, programs, Manifest(options));
    }

    private ModelManifest Manifest(ModelBuildOptions options) => new()
    {
        Name = Name,
        Family = Family,
        Source = checkpoint.Name,
        SourceSha256 = checkpoint.ComputeSha256(),
        EmbeddingDim = Config.Vision?.OutputDim ?? Config.Text?.OutputDim,
        Normalized = options.Normalize,
        LogitScale = Config.Text is null ? null : Weights.Float(keys["logit_scale"]).Span<float>()[0],
        Positions = Config.Vision is { } tower && ((options.ImageHeight ?? tower.ImageSize) != tower.ImageSize || (options.ImageWidth ?? tower.ImageSize) != tower.ImageSize)
            ? VisionTower.Convention(keys, options).ToString().ToLowerInvariant() : null,
        Image = Config.Vision is { } v ? new ImageInput(options.ImageHeight ?? v.ImageSize, options.ImageWidth ?? v.ImageSize) : null,
        Text = Config.Text is { } t ? new TextInput(t.Context, t.Vocabulary) : null,
    };
}
