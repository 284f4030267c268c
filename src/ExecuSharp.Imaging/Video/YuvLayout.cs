namespace ExecuSharp.Imaging.Video;

/// <summary>How 8-bit luma and chroma lie in a frame. Chroma sizes are rounded up.</summary>
public enum YuvLayout
{
    /// <summary>Luma, then blue and red difference at half width and half height (yuv420p).</summary>
    I420,
    /// <summary>Luma, then alternating blue and red difference at half width and half height.</summary>
    Nv12,
    /// <summary>As <see cref="Nv12"/> with red difference first.</summary>
    Nv21,
    /// <summary>Luma, then blue and red difference at half width (yuv422p).</summary>
    I422,
    /// <summary>Three full planes (yuv444p).</summary>
    I444,
    /// <summary>Luma only.</summary>
    Gray,
}
