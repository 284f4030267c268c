namespace ExecuSharp.Formats.XnnPack;

/// <summary>New sizes; one 0 is inferred. A null shape was not stored.</summary>
public sealed record XnnReshapeNode(uint NumDims, uint[]? NewShape, uint Input, uint Output, uint Flags) : XnnNode(XnnNodeType.StaticReshape)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
