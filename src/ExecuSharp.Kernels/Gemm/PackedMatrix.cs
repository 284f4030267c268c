using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels;

/// <summary>
/// A right-hand matrix in the order in which a product reads it: panels of <see cref="PanelWidth"/> columns, each k rows of that many
/// numbers, the last panel filled with zeros. Made once for a constant matrix. Belongs to one vector width. Immutable, so free to share.
/// </summary>
public sealed class PackedMatrix
{
    private const int Alignment = 64;
    private readonly float[] buffer;
    private readonly int start;

    private PackedMatrix(int k, int n, SimdWidth width)
    {
        K = k;
        N = n;
        Width = width;
        PanelWidth = PanelWidthOf(width);
        int panels = (n + PanelWidth - 1) / PanelWidth;
        buffer = GC.AllocateUninitializedArray<float>(checked((panels * k * PanelWidth) + (Alignment / sizeof(float))), pinned: true);
        unsafe
        {
            long address = (long)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(buffer));
            start = (int)((Alignment - (address % Alignment)) % Alignment) / sizeof(float);
        }
    }

    /// <summary>Rows: the length of the sums.</summary>
    public int K { get; }

    /// <summary>Columns.</summary>
    public int N { get; }

    /// <summary>Columns in a panel: two vectors.</summary>
    public int PanelWidth { get; }

    /// <summary>The vector width it is made for.</summary>
    public SimdWidth Width { get; }

    /// <summary>Bytes that the packed form takes.</summary>
    public long ByteLength => (long)buffer.Length * sizeof(float);

    /// <summary>Packs a matrix.</summary>
    /// <param name="context">Vector width and threads.</param>
    /// <param name="b">[k, n] row by row, or [n, k] if <paramref name="transposed"/>.</param>
    /// <param name="k">Rows.</param>
    /// <param name="n">Columns.</param>
    /// <param name="transposed">The matrix is stored as [n, k], such as the weight of a linear layer.</param>
    /// <param name="ldb">Distance between stored rows; 0 for a dense matrix.</param>
    public static PackedMatrix Pack(KernelContext context, ReadOnlySpan<float> b, int k, int n, bool transposed, int ldb = 0)
    {
        if (ldb == 0)
            ldb = transposed ? k : n;
        GemmShape.Check(b.Length, transposed ? n : k, transposed ? k : n, ldb, nameof(b));
        var packed = new PackedMatrix(k, n, context.Width);
        int width = packed.PanelWidth;
        for (int j = 0; j < n; j += width)
            GemmPacking.Panel(b, ldb, transposed, 0, k, j, Math.Min(width, n - j), width, packed.Data[(j * k)..]);
        return packed;
    }

    internal Span<float> Data => buffer.AsSpan(start);

    internal static int PanelWidthOf(SimdWidth width) => (int)width / 32 * 2;
}
