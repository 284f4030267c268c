namespace ExecuSharp.Imaging;

/// <summary>The file formats that are told apart by their first bytes.</summary>
public enum ImageFileFormat
{
    /// <summary>None of the others.</summary>
    Unknown,
    /// <summary>Portable Network Graphics.</summary>
    Png,
    /// <summary>JPEG, baseline or progressive.</summary>
    Jpeg,
    /// <summary>Windows bitmap.</summary>
    Bmp,
    /// <summary>PBM, PGM or PPM, plain or raw.</summary>
    Pnm,
    /// <summary>YUV4MPEG2 video.</summary>
    Y4m,
}
