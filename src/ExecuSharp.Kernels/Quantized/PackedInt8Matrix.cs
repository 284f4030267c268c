using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>
/// Signed 8-bit weights in the order in which a product reads them: panels of columns, each a sequence of blocks of four numbers for every column.
/// The last panel and the last block are filled with zeros. Sums of columns are kept for each group along the length of the sums.
/// </summary>
public sealed unsafe class PackedInt8Matrix
{
    private readonly sbyte[] data;
    private readonly int[] sums;

    private PackedInt8Matrix(Int8Isa isa, int k, int n, int groups)
    {
        Isa = isa;
        K = k;
        N = n;
        Groups = groups;
        Blocks = (k + 3) / 4;
        PanelWidth = isa.PanelWidth();
        Panels = (n + PanelWidth - 1) / PanelWidth;
        data = GC.AllocateArray<sbyte>(checked((Panels * Blocks * PanelWidth * 4) + 64), pinned: true);
        sums = GC.AllocateArray<int>(checked(groups * Panels * PanelWidth), pinned: true);
    }

    /// <summary>Instructions it is made for.</summary>
    public Int8Isa Isa { get; }

    /// <summary>Length of the sums.</summary>
    public int K { get; }

    /// <summary>Columns.</summary>
    public int N { get; }

    /// <summary>Parts of the length of the sums that have scales of their own; each but the last is a multiple of 4 long.</summary>
    public int Groups { get; }

    /// <summary>Blocks of four along the length of the sums.</summary>
    public int Blocks { get; }

    /// <summary>Columns in a panel.</summary>
    public int PanelWidth { get; }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    /// <summary>Packs weights.</summary>
    /// <param name="isa">Instructions to pack for.</param>
    /// <param name="weights">The weight of column n and index k at n * <paramref name="columnStride"/> + k * <paramref name="rowStride"/>.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="n">Columns.</param>
    /// <param name="columnStride">Distance of columns.</param>
    /// <param name="rowStride">Distance of indices.</param>
    /// <param name="groupSize">Length of a group, a multiple of 4; 0 for one group.</param>
    public static PackedInt8Matrix Pack(Int8Isa isa, ReadOnlySpan<sbyte> weights, int k, int n, int columnStride, int rowStride, int groupSize = 0)
    {
        if (groupSize == 0)
            groupSize = Math.Max(k, 1);
        var packed = new PackedInt8Matrix(isa, k, n, Math.Max(1, (k + groupSize - 1) / groupSize));
        // The products of pairs read bytes 0, 2, 1, 3.
        ReadOnlySpan<byte> order = isa.UsesBytes() ? [0, 1, 2, 3] : [0, 2, 1, 3];
        int width = packed.PanelWidth, columns = packed.Panels * width;
        for (int column = 0; column < n; column++)
        {
            var panel = packed.data.AsSpan(packed.Start + (column / width * packed.Blocks * width * 4));
            int inPanel = column % width * 4;
            for (int i = 0; i < k; i++)
            {
                sbyte w = weights[(column * columnStride) + (i * rowStride)];
                panel[(i / 4 * width * 4) + inPanel + order[i & 3]] = w;
                packed.sums[(i / groupSize * columns) + column] += w;
            }
        }
        return packed;
    }

    internal sbyte* Panel(int index) => (sbyte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(data)) + Start + ((nint)index * Blocks * PanelWidth * 4);

    internal int* Sums(int group, int panel) => (int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(sums)) + (((nint)group * Panels) + panel) * PanelWidth;

    private int Start => (int)((64 - ((nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(data)) & 63)) & 63);
}
