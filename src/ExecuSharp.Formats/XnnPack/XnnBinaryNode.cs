namespace ExecuSharp.Formats.XnnPack;

/// <summary>Two inputs, one output.</summary>
public sealed record XnnBinaryNode(XnnNodeType Type, uint Input1, uint Input2, uint Output, uint Flags) : XnnNode(Type)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input1, Input2];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
