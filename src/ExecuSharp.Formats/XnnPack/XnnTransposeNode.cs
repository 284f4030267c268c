namespace ExecuSharp.Formats.XnnPack;

/// <summary>Permutes dimensions. A null permutation was not stored.</summary>
public sealed record XnnTransposeNode(uint NumDims, uint[]? Perm, uint Input, uint Output, uint Flags) : XnnNode(XnnNodeType.StaticTranspose)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
