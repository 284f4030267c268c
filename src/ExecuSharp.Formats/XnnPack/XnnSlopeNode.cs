namespace ExecuSharp.Formats.XnnPack;

/// <summary>LeakyReLU (negative slope) or ELU (alpha).</summary>
public sealed record XnnSlopeNode(XnnNodeType Type, float Parameter, uint Input, uint Output, uint Flags) : XnnNode(Type)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
