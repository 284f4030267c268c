namespace ExecuSharp.Formats.XnnPack;

/// <summary>Two to five inputs behind each other along an axis.</summary>
/// <param name="Type">Says how many inputs count.</param>
/// <param name="Axis">The dimension; as a signed number it may be negative.</param>
/// <param name="Slots">The five input slots; unused ones are <see cref="XnnValue.None"/>.</param>
/// <param name="Output">The result.</param>
/// <param name="Flags">0.</param>
public sealed record XnnConcatenateNode(XnnNodeType Type, uint Axis, uint[] Slots, uint Output, uint Flags) : XnnNode(Type)
{
    /// <summary>Number of inputs that the type asks for.</summary>
    public int Count => Type switch
    {
        XnnNodeType.Concatenate2 => 2,
        XnnNodeType.Concatenate3 => 3,
        XnnNodeType.Concatenate4 => 4,
        _ => 5,
    };

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Inputs => Slots[..Count];

    /// <inheritdoc/>
    public override IReadOnlyList<uint> Outputs => [Output];
}
