namespace ExecuSharp.Formats.XnnPack;

/// <summary>A node of a later schema.</summary>
public sealed record XnnUnknownNode(XnnNodeType Type) : XnnNode(Type)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [];
}
