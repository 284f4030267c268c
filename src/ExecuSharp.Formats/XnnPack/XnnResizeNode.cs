namespace ExecuSharp.Formats.XnnPack;

/// <summary>Bilinear resize of NHWC. Flag 4: legacy coordinates; flag 8: align corners.</summary>
public sealed record XnnResizeNode(uint NewHeight, uint NewWidth, uint Input, uint Output, uint Flags) : XnnNode(XnnNodeType.StaticResizeBilinear2D)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
