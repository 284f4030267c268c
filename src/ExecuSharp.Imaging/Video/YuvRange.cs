namespace ExecuSharp.Imaging.Video;

/// <summary>Which byte values stand for black and white.</summary>
public enum YuvRange
{
    /// <summary>Luma 16 to 235, chroma 16 to 240 ("tv").</summary>
    Limited,
    /// <summary>0 to 255 ("pc", "jpeg").</summary>
    Full,
}
