using ExecuSharp.Formats.Storage;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>Finds the tensors of a Perception Encoder, named as in the official files without prefix, under their keys in a file's layout.</summary>
internal sealed class LayoutKeys
{
    private static readonly (string Official, string Timm)[] Names =
    [
        ("transformer.resblocks.", "blocks."),
        ("attn_pool.attn.out_proj.", "attn_pool.proj."), ("attn_pool.layernorm.", "attn_pool.norm."), ("attn_pool.probe", "attn_pool.latent"),
        ("class_embedding", "cls_token"), ("positional_embedding", "pos_embed"), ("conv1.weight", "patch_embed.proj.weight"),
        ("ln_pre.", "norm_pre."), ("ln_post.", "norm."), (".ln_1.", ".norm1."), (".ln_2.", ".norm2."),
        ("attn.in_proj_weight", "attn.qkv.weight"), ("attn.in_proj_bias", "attn.qkv.bias"), ("attn.out_proj.", "attn.proj."),
        ("mlp.c_fc.", "mlp.fc1."), ("mlp.c_proj.", "mlp.fc2."), ("ls_1.gamma", "gamma_1"), ("ls_2.gamma", "gamma_2"),
    ];

    private readonly Checkpoint checkpoint;

    private LayoutKeys(Checkpoint checkpoint, CheckpointLayout layout, string? visionPrefix, string? textPrefix)
    {
        this.checkpoint = checkpoint;
        Layout = layout;
        VisionPrefix = visionPrefix;
        TextPrefix = textPrefix;
    }

    public CheckpointLayout Layout { get; }

    /// <summary>Before vision keys; null where there is no vision tower.</summary>
    public string? VisionPrefix { get; }

    /// <summary>Before text keys; null where there is no text tower.</summary>
    public string? TextPrefix { get; }

    /// <summary>True where vision keys are named as in timm.</summary>
    public bool IsTimm => Layout != CheckpointLayout.Official;

    /// <summary>Recognises the layout; null for other models. Prefixes decide first: without <c>visual.</c> the official vision names are those of the text tower.</summary>
    public static LayoutKeys? Detect(Checkpoint checkpoint)
    {
        bool Any(string prefix) => checkpoint.Names.Any(n => n.StartsWith(prefix, StringComparison.Ordinal));
        bool Has(string key) => checkpoint.Tensors.ContainsKey(key);
        if (Any("visual.trunk."))
            return new LayoutKeys(checkpoint, CheckpointLayout.OpenClip, "visual.trunk.", Any("text.") ? "text." : null);
        if (Any("visual.transformer.resblocks.") || Has("visual.conv1.weight"))
            return new LayoutKeys(checkpoint, CheckpointLayout.Official, "visual.", Any("transformer.resblocks.") || Has("token_embedding.weight") ? "" : null);
        if (Any("text.transformer.resblocks."))
            return new LayoutKeys(checkpoint, CheckpointLayout.OpenClip, null, "text.");
        if (Has("patch_embed.proj.weight") && (Has("norm_pre.weight") || Has("attn_pool.latent")))
            return new LayoutKeys(checkpoint, CheckpointLayout.Timm, "", null);
        if (Any("transformer.resblocks."))
            return Has("token_embedding.weight")
                ? new LayoutKeys(checkpoint, CheckpointLayout.Official, null, "")
                : new LayoutKeys(checkpoint, CheckpointLayout.Official, "", null);
        return null;
    }

    /// <summary>The key of a vision tensor.</summary>
    public string Vision(string official)
    {
        string name = official;
        if (IsTimm)
            foreach (var (from, to) in Names)
                name = name.Replace(from, to, StringComparison.Ordinal);
        return VisionPrefix + name;
    }

    /// <summary>The key of a text tensor.</summary>
    public string Text(string official) => TextPrefix + official;

    /// <summary>A tensor by its key, or null.</summary>
    public StoredTensor? Find(string key) => checkpoint.Tensors.GetValueOrDefault(key);

    /// <summary>A tensor by its key; the keys were checked before.</summary>
    public StoredTensor this[string key] => checkpoint.Tensors[key];

    /// <summary>True if a key starts with this.</summary>
    public bool Any(string prefix) => checkpoint.Names.Any(n => n.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>One more than the highest number that follows the prefix.</summary>
    public int Count(string prefix)
    {
        int count = 0;
        foreach (string name in checkpoint.Names)
            if (name.StartsWith(prefix, StringComparison.Ordinal) && name.IndexOf('.', prefix.Length) is > 0 and var dot
                && int.TryParse(name.AsSpan(prefix.Length, dot - prefix.Length), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int index)
                && index < 10_000)
                count = Math.Max(count, index + 1);
        return count;
    }
}
