using ExecuSharp.Kernels.Quantized;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>8-bit weights of one group of channels and what turns their sums into results.</summary>
internal abstract unsafe class CodeProduct(PackedInt8Matrix weights)
{
    private const int PartBytes = 262144;

    private readonly int[] zeros = GC.AllocateArray<int>(weights.Panels * weights.PanelWidth, pinned: true);

    public PackedInt8Matrix Weights { get; } = weights;

    public int K => Weights.K;

    public int N => Weights.N;

    /// <summary>Panels of columns that are computed together.</summary>
    public int PartPanels { get; } = Math.Clamp(PartBytes / Math.Max(1, weights.Blocks * weights.PanelWidth * 4), 1, Math.Max(1, 256 / weights.PanelWidth));

    public int PartColumns => PartPanels * Weights.PanelWidth;

    public int Parts => (Weights.Panels + PartPanels - 1) / PartPanels;

    /// <summary>Computes some columns of some rows.</summary>
    /// <param name="context">Vector width.</param>
    /// <param name="part">Part of the columns.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="a">Packed activations.</param>
    /// <param name="offsets">Offset of each row.</param>
    /// <param name="scales">Scale of each row; not used for static quantization.</param>
    /// <param name="sums">Scratch for rows * part columns sums.</param>
    /// <param name="target">First column of the group in the first row.</param>
    /// <param name="stride">Elements from row to row.</param>
    public abstract void Run(XnnContext context, int part, int rows, byte* a, int* offsets, float* scales, int* sums, byte* target, nint stride);

    protected (int Panel, int End, int Column, int Count) Range(int part)
    {
        int panel = part * PartPanels, end = Math.Min(Weights.Panels, panel + PartPanels), column = panel * Weights.PanelWidth;
        return (panel, end, column, Math.Min(N, end * Weights.PanelWidth) - column);
    }

    /// <summary>Columns that begin with nothing.</summary>
    protected int* Zeros => Address(zeros);

    protected static T[] Pinned<T>(ReadOnlySpan<T> values, int count) where T : unmanaged
    {
        var result = GC.AllocateArray<T>(Math.Max(1, count), pinned: true);
        values.CopyTo(result);
        return result;
    }

    protected static T* Address<T>(T[] pinned) where T : unmanaged => (T*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}
