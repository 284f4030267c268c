using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pte;

/// <summary>A tensor slot.</summary>
public sealed record PteTensor : PteValue
{
    /// <summary>Element type.</summary>
    public ScalarType Type { get; init; }

    /// <summary>Must be 0.</summary>
    public int StorageOffset { get; init; }

    /// <summary>Sizes, or upper bounds.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [];

    /// <summary>Dimensions, outermost first.</summary>
    public IReadOnlyList<byte> DimOrder { get; init; } = [];

    /// <summary>Training only.</summary>
    public bool RequiresGrad { get; init; }

    /// <summary>Index of a constant or of an initial value; 0 for neither.</summary>
    public uint DataBufferIndex { get; init; }

    /// <summary>Place in planned memory, or null.</summary>
    public PteAllocation? Allocation { get; init; }

    /// <summary>0 for strided.</summary>
    public sbyte Layout { get; init; }

    /// <summary>Whether sizes may change.</summary>
    public ShapeDynamism Dynamism { get; init; }

    /// <summary>Name and place of external data, or null.</summary>
    public PteExtraTensorInfo? Extra { get; init; }

    /// <summary>True if the bytes come from a data file beside the program.</summary>
    public bool IsExternal => Extra is { Location: 1 };
}
