namespace ExecuSharp.Models;

/// <summary>How a Perception Encoder's positions are taken to another image size than the trained one. At the trained size both are the same.</summary>
public enum PositionConvention
{
    /// <summary>As the official code: learned positions bilinear without antialias, rotary positions whole numbers.</summary>
    Official,
    /// <summary>As timm and open_clip: learned positions bicubic with antialias, rotary positions scaled to the trained grid.</summary>
    Timm,
}
