namespace ExecuSharp.Kernels.Nhwc;

/// <summary>Sizes of a convolution or pooling of channels-last images: [N, H, W, C].</summary>
public struct ConvolutionGeometry
{
    /// <summary>Images.</summary>
    public int Batch { get; set; }

    /// <summary>Height of the input.</summary>
    public int Height { get; set; }

    /// <summary>Width of the input.</summary>
    public int Width { get; set; }

    /// <summary>Channels of the input, all groups together.</summary>
    public int Channels { get; set; }

    /// <summary>Height of the output.</summary>
    public int OutputHeight { get; set; }

    /// <summary>Width of the output.</summary>
    public int OutputWidth { get; set; }

    /// <summary>Height of the window.</summary>
    public int KernelHeight { get; set; }

    /// <summary>Width of the window.</summary>
    public int KernelWidth { get; set; }

    /// <summary>Vertical step.</summary>
    public int StrideHeight { get; set; }

    /// <summary>Horizontal step.</summary>
    public int StrideWidth { get; set; }

    /// <summary>Vertical distance of the window's rows.</summary>
    public int DilationHeight { get; set; }

    /// <summary>Horizontal distance of the window's columns.</summary>
    public int DilationWidth { get; set; }

    /// <summary>Rows of padding above.</summary>
    public int PaddingTop { get; set; }

    /// <summary>Columns of padding on the left.</summary>
    public int PaddingLeft { get; set; }

    /// <summary>Output pixels of all images.</summary>
    public readonly int Pixels => Batch * OutputHeight * OutputWidth;

    /// <summary>True for a 1x1 window with step 1 and no padding: then the input is the matrix of the product.</summary>
    public readonly bool IsPointwise =>
        KernelHeight == 1 && KernelWidth == 1 && StrideHeight == 1 && StrideWidth == 1 && PaddingTop == 0 && PaddingLeft == 0
        && OutputHeight == Height && OutputWidth == Width;

    /// <summary>The window's part inside [0, size) for a window that begins at <paramref name="start"/>: first and end tap.</summary>
    public static (int First, int End) Inside(int start, int dilation, int kernel, int size)
    {
        int first = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
        int end = start >= size ? 0 : Math.Min(kernel, ((size - 1 - start) / dilation) + 1);
        return (Math.Min(first, kernel), Math.Max(end, Math.Min(first, kernel)));
    }
}
