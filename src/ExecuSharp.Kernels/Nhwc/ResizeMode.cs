namespace ExecuSharp.Kernels.Nhwc;

/// <summary>How coordinates of a resize correspond.</summary>
public enum ResizeMode
{
    /// <summary>Centres of pixels: (i + 0.5) * input / output - 0.5.</summary>
    HalfPixel,
    /// <summary>i * (input - 1) / (output - 1).</summary>
    AlignCorners,
    /// <summary>i * input / output.</summary>
    Legacy,
}
