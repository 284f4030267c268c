namespace ExecuSharp.Imaging.Video;

/// <summary>A frame of 8-bit luma and chroma without padding.</summary>
public readonly struct YuvFrame
{
    /// <summary>Wraps the bytes of a frame; they are not copied.</summary>
    /// <param name="width">Luma columns, 1 to <see cref="Image.MaxSide"/>.</param>
    /// <param name="height">Luma rows, likewise.</param>
    /// <param name="layout">Order of the samples.</param>
    /// <param name="data">Exactly <see cref="ByteLength"/> bytes.</param>
    /// <exception cref="ArgumentException">A size or the length is out of range.</exception>
    public YuvFrame(int width, int height, YuvLayout layout, ReadOnlyMemory<byte> data)
    {
        if (width is < 1 or > Image.MaxSide || height is < 1 or > Image.MaxSide || (long)width * height > Image.MaxPixels)
            throw new ArgumentException($"a frame of {width}x{height}");
        if (data.Length != ByteLength(width, height, layout))
            throw new ArgumentException($"{data.Length} bytes for {width}x{height} {layout}", nameof(data));
        (Width, Height, Layout, Data) = (width, height, layout, data);
    }

    /// <summary>Luma columns.</summary>
    public int Width { get; }

    /// <summary>Luma rows.</summary>
    public int Height { get; }

    /// <summary>Order of the samples.</summary>
    public YuvLayout Layout { get; }

    /// <summary>The samples.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Chroma columns.</summary>
    public int ChromaWidth => Layout == YuvLayout.I444 ? Width : Layout == YuvLayout.Gray ? 0 : (Width + 1) / 2;

    /// <summary>Chroma rows.</summary>
    public int ChromaHeight => Layout is YuvLayout.I444 or YuvLayout.I422 ? Height : Layout == YuvLayout.Gray ? 0 : (Height + 1) / 2;

    /// <summary>Bytes of a frame.</summary>
    public static long ByteLength(int width, int height, YuvLayout layout)
    {
        long luma = (long)width * height, half = (width + 1L) / 2;
        return layout switch
        {
            YuvLayout.Gray => luma,
            YuvLayout.I444 => 3 * luma,
            YuvLayout.I422 => luma + 2 * half * height,
            _ => luma + 2 * half * ((height + 1L) / 2),
        };
    }
}
