namespace ExecuSharp.Imaging.Video;

/// <summary>How subsampled chroma is enlarged.</summary>
public enum ChromaUpsampling
{
    /// <summary>Each chroma sample covers its block.</summary>
    Nearest,
    /// <summary>
    /// Linear, at the positions of ffmpeg's scaler: horizontally between two luma columns, vertically on the lower luma row; the last row is the mean of
    /// the last two chroma rows.
    /// </summary>
    Bilinear,
}
