namespace ExecuSharp.Formats.XnnPack;

/// <summary>Average or maximum of windows of NHWC. Flag 4: SAME padding.</summary>
public sealed record XnnPoolingNode(XnnNodeType Type, uint PaddingTop, uint PaddingRight, uint PaddingBottom, uint PaddingLeft, uint PoolingHeight, uint PoolingWidth, uint StrideHeight, uint StrideWidth, uint DilationHeight, uint DilationWidth, uint Input, uint Output, uint Flags) : XnnNode(Type)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
