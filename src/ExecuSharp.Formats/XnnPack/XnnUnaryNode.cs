namespace ExecuSharp.Formats.XnnPack;

/// <summary>One input, one output, no parameters.</summary>
public sealed record XnnUnaryNode(XnnNodeType Type, uint Input, uint Output, uint Flags) : XnnNode(Type)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
