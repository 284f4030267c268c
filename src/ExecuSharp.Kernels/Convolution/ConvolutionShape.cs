namespace ExecuSharp.Kernels.Convolution;

/// <summary>Sizes and parameters of a two-dimensional convolution. All positive, paddings not negative.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Groups">Groups; both channel counts are multiples of it.</param>
/// <param name="InChannels">Input channels.</param>
/// <param name="InHeight">Input rows.</param>
/// <param name="InWidth">Input columns.</param>
/// <param name="OutChannels">Output channels.</param>
/// <param name="OutHeight">Output rows.</param>
/// <param name="OutWidth">Output columns.</param>
/// <param name="KernelHeight">Window rows.</param>
/// <param name="KernelWidth">Window columns.</param>
/// <param name="StrideY">Rows between windows.</param>
/// <param name="StrideX">Columns between windows.</param>
/// <param name="PadTop">Zero rows above.</param>
/// <param name="PadLeft">Zero columns on the left.</param>
/// <param name="DilationY">Rows between the window's elements.</param>
/// <param name="DilationX">Columns between the window's elements.</param>
public readonly record struct ConvolutionShape(
    int Batch, int Groups,
    int InChannels, int InHeight, int InWidth,
    int OutChannels, int OutHeight, int OutWidth,
    int KernelHeight, int KernelWidth,
    int StrideY, int StrideX, int PadTop, int PadLeft, int DilationY, int DilationX)
{
    /// <summary>Input channels of one group.</summary>
    public int InPerGroup => InChannels / Groups;

    /// <summary>Output channels of one group.</summary>
    public int OutPerGroup => OutChannels / Groups;

    /// <summary>Elements of an input plane.</summary>
    public int InPlane => InHeight * InWidth;

    /// <summary>Elements of an output plane.</summary>
    public int OutPlane => OutHeight * OutWidth;

    /// <summary>Elements of a window over the channels of one group.</summary>
    public int Window => InPerGroup * KernelHeight * KernelWidth;

    /// <summary>The outputs [first, end) of a row whose window column reads inside the input.</summary>
    public (int First, int End) Columns(int kernelX)
    {
        int offset = (kernelX * DilationX) - PadLeft;
        int first = offset >= 0 ? 0 : (-offset + StrideX - 1) / StrideX;
        int end = offset >= InWidth ? 0 : Math.Min(OutWidth, ((InWidth - 1 - offset) / StrideX) + 1);
        return (first, Math.Max(first, end));
    }
}
