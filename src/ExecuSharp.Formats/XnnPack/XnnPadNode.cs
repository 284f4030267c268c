namespace ExecuSharp.Formats.XnnPack;

/// <summary>Pads every dimension with a constant. Null paddings were not stored.</summary>
public sealed record XnnPadNode(uint[]? Pre, uint[]? Post, float Value, uint Input, uint Output, uint Flags) : XnnNode(XnnNodeType.StaticConstantPad)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
