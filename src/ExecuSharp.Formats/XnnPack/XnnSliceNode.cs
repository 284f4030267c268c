namespace ExecuSharp.Formats.XnnPack;

/// <summary>A part of every dimension. Null vectors were not stored.</summary>
public sealed record XnnSliceNode(uint NumDims, uint[]? Offsets, uint[]? Sizes, uint Input, uint Output, uint Flags) : XnnNode(XnnNodeType.StaticSlice)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
