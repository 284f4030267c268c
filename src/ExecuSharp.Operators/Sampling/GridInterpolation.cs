namespace ExecuSharp.Operators.Sampling;

/// <summary>How values between elements are made.</summary>
internal enum GridInterpolation
{
    /// <summary>From 2 x 2 neighbours.</summary>
    Bilinear,
    /// <summary>From the nearest.</summary>
    Nearest,
    /// <summary>From 4 x 4 neighbours.</summary>
    Bicubic,
}
