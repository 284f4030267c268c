namespace ExecuSharp.Formats.Pt2;

/// <summary>Memory formats, with the numbers of torch/_export/serde/schema.py.</summary>
public enum Pt2MemoryFormat
{
    /// <summary>Not known.</summary>
    Unknown = 0,
    /// <summary>Row-major.</summary>
    Contiguous = 1,
    /// <summary>NHWC.</summary>
    ChannelsLast = 2,
    /// <summary>NDHWC.</summary>
    ChannelsLast3d = 3,
    /// <summary>As the input.</summary>
    Preserve = 4,
}
