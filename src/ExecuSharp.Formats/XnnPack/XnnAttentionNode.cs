namespace ExecuSharp.Formats.XnnPack;

/// <summary>Scaled dot product attention; no runtime executes it any more.</summary>
public sealed record XnnAttentionNode(uint Query, uint Key, uint Value, uint Scale, uint Mask, uint Output, uint Flags) : XnnNode(XnnNodeType.ScaledDotProductAttention)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Query, Key, Value, Scale, Mask];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
