namespace ExecuSharp.Formats.XnnPack;

/// <summary>output = input filter^T + bias. Flag 1: the filter is stored [in, out].</summary>
public sealed record XnnFullyConnectedNode(uint Input, uint Filter, uint Bias, uint Output, uint Flags) : XnnNode(XnnNodeType.FullyConnected)
{
    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => [Input, Filter, Bias];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
