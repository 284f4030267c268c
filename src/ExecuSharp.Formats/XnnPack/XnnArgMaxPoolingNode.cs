namespace ExecuSharp.Formats.XnnPack;

/// <summary>Maximum of windows and its place in the window.</summary>
public sealed record XnnArgMaxPoolingNode(uint PaddingTop, uint PaddingRight, uint PaddingBottom, uint PaddingLeft, uint PoolingHeight, uint PoolingWidth, uint Input, uint OutputValue, uint OutputIndex, uint Flags) : XnnNode(XnnNodeType.ArgMaxPooling2d)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [OutputValue, OutputIndex];
}
