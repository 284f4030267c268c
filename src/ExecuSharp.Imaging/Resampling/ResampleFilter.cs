namespace ExecuSharp.Imaging.Resampling;

/// <summary>Pillow's resampling filters.</summary>
public enum ResampleFilter
{
    /// <summary>The pixel under the centre.</summary>
    Nearest,
    /// <summary>Equal weights, support 0.5.</summary>
    Box,
    /// <summary>Triangle, support 1.</summary>
    Bilinear,
    /// <summary>Raised cosine times sinc, support 1.</summary>
    Hamming,
    /// <summary>Keys' cubic with a = -0.5, support 2.</summary>
    Bicubic,
    /// <summary>Sinc windowed by sinc, support 3.</summary>
    Lanczos,
}
