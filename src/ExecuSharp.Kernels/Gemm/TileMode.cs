namespace ExecuSharp.Kernels;

/// <summary>How a tile begins and ends.</summary>
[Flags]
internal enum TileMode
{
    /// <summary>Begin with zero.</summary>
    FromZero = 0,
    /// <summary>Begin with the bias.</summary>
    FromBias = 1,
    /// <summary>Begin with what the target holds.</summary>
    FromTarget = 2,
    /// <summary>Clamp before storing.</summary>
    Clamp = 4,
}
