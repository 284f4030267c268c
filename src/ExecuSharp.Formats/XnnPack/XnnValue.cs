namespace ExecuSharp.Formats.XnnPack;

/// <summary>A value of the graph: an argument of the call, an intermediate result, or a constant (XNNTensorValue, XNNQuantizedTensorValue).</summary>
public sealed record XnnValue
{
    /// <summary>No value, or no external id.</summary>
    public const uint None = uint.MaxValue;

    /// <summary>Flag of a value that the caller supplies.</summary>
    public const uint ExternalInput = 1;

    /// <summary>Flag of a value that the caller receives.</summary>
    public const uint ExternalOutput = 2;

    /// <summary>The number that nodes use (id_out).</summary>
    public required uint Id { get; init; }

    /// <summary>Element type.</summary>
    public required XnnDatatype Datatype { get; init; }

    /// <summary>Sizes as declared; only a hint, except for constants.</summary>
    public uint[] Dims { get; init; } = [];

    /// <summary>Number of dimensions as stored.</summary>
    public uint NumDims { get; init; }

    /// <summary>Index into <see cref="XnnGraph.Constants"/>; 0 for a value that is no constant.</summary>
    public uint ConstantIndex { get; init; }

    /// <summary>Position in the arguments of the delegate call, or <see cref="None"/>.</summary>
    public uint ExternalId { get; init; } = None;

    /// <summary><see cref="ExternalInput"/>, <see cref="ExternalOutput"/>; other bits are not allowed.</summary>
    public uint Flags { get; init; }

    /// <summary>Legacy: the type that an external input is converted to before use.</summary>
    public XnnDatatype DynamicDatatype { get; init; }

    /// <summary>Quantization, or null for a plain value.</summary>
    public XnnQuantization? Quantization { get; init; }

    /// <summary>0 for a known kind of value, else its number in the union XValueUnion.</summary>
    public byte UnknownMember { get; init; }
}
