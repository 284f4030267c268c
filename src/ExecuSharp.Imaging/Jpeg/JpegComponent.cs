namespace ExecuSharp.Imaging.Jpeg;

/// <summary>One component of a frame with its coefficients and, after the inverse transform, its samples.</summary>
internal sealed class JpegComponent(int id, int h, int v, int quantizer)
{
    /// <summary>Identifier in scan headers.</summary>
    public int Id { get; } = id;

    /// <summary>Horizontal sampling factor, 1 to 4.</summary>
    public int H { get; } = h;

    /// <summary>Vertical sampling factor, 1 to 4.</summary>
    public int V { get; } = v;

    /// <summary>Index of the quantization table.</summary>
    public int Quantizer { get; } = quantizer;

    /// <summary>Samples in a row that belong to the picture.</summary>
    public int Width;

    /// <summary>Rows that belong to the picture.</summary>
    public int Height;

    /// <summary>Blocks in a row as stored: whole MCUs.</summary>
    public int BlocksWide;

    /// <summary>Rows of blocks as stored: whole MCUs.</summary>
    public int BlocksHigh;

    /// <summary>Quantized coefficients in natural order, 64 a block.</summary>
    public short[] Coefficients = [];

    /// <summary>The quantization table, captured at the component's first scan.</summary>
    public ushort[]? Table;

    /// <summary>Samples, <see cref="BlocksWide"/> times 8 in a row.</summary>
    public byte[] Samples = [];

    /// <summary>DC prediction of the running scan.</summary>
    public int Prediction;

    public HuffmanTable? Dc;

    public HuffmanTable? Ac;

    /// <summary>Bytes of a row of <see cref="Samples"/>.</summary>
    public int Stride => BlocksWide * 8;

    public ReadOnlySpan<byte> Row(int y) => Samples.AsSpan(y * Stride, Width);
}
