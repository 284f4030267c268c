using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels.Nhwc;
using ExecuSharp.Kernels.Quantized;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>Convolution or fully connected layer of signed 8-bit codes with constant weights; the sums are exact.</summary>
internal sealed unsafe class CodeProductOperator : FloatOperator
{
    private const int TileBytes = 131072;
    private readonly CodeProduct[] groups;
    private readonly ProductShape shape;
    private readonly int groupChannels;
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private ConvolutionGeometry geometry;
    private ProductTiling tiling;

    /// <param name="groups">Weights of each group of channels.</param>
    /// <param name="groupChannels">Input channels of a group.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="input">Codes, quantized once or at run time.</param>
    /// <param name="output">Codes, or floats for an input quantized at run time.</param>
    public CodeProductOperator(CodeProduct[] groups, int groupChannels, ProductShape shape, XnnTensor input, XnnTensor output)
        : base([input], output)
    {
        (this.groups, this.groupChannels, this.shape) = (groups, groupChannels, shape);
        loop = new ParallelLoop(Part);
    }

    private CodeProduct First => groups[0];

    private int RowBytes => First.Weights.Isa.RowBytes(First.K);

    private long PackedBytes => Align((long)tiling.TileRows * RowBytes);

    private long SumsBytes => Align(4L * tiling.TileRows * First.PartColumns);

    private long SlotBytes => PackedBytes + SumsBytes + Align(8L * tiling.TileRows) + (geometry.IsPointwise ? 0 : Align((long)tiling.TileRows * First.K));

    protected override void InferShapes(XnnContext context)
    {
        geometry = shape.Infer(Inputs[0], Outputs[0]);
        int most = Math.Clamp(TileBytes / Math.Max(1, RowBytes) / 8 * 8, 16, 128);
        tiling = ProductTiling.Of(geometry.Pixels, groups.Length, First.Parts, most, context.Threads, shareRows: true);
        OwnScratchBytes = context.Threads * SlotBytes;
    }

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        loop.Run(context.Parallel.Pool, tiling.Tasks);
    }

    private void Part(int task, int slot)
    {
        var (group, row, rows, first, end) = tiling.Task(task);
        var weights = groups[group];
        byte* packed = OwnScratch + (slot * SlotBytes);
        var sums = (int*)(packed + PackedBytes);
        var offsets = (int*)((byte*)sums + SumsBytes);
        var scales = (float*)(offsets + tiling.TileRows);
        Pack(group, row, rows, packed, offsets, scales, (byte*)offsets + Align(8L * tiling.TileRows));
        int columns = weights.N * groups.Length;
        var output = Outputs[0];
        byte* target = output.Type.IsFloat() ? (byte*)(To(0) + ((long)row * columns) + (group * weights.N)) : output.Data + ((long)row * columns) + (group * weights.N);
        for (int p = first; p < end; p++)
            weights.Run(context!, p, rows, packed, offsets, scales, sums, target, columns);
    }

    private void Pack(int group, int row, int rows, byte* packed, int* offsets, float* scales, byte* windows)
    {
        var input = Inputs[0];
        bool dynamic = input.Type == XnnDatatype.QDInt8;
        int pixelsPerScale = dynamic ? Math.Max(1, geometry.Pixels / Math.Max(1, input.Rows)) : geometry.Pixels;
        // Rows of one image have one zero point.
        for (int r = 0; r < rows;)
        {
            int image = (row + r) / pixelsPerScale, count = Math.Min(rows - r, ((image + 1) * pixelsPerScale) - row - r);
            int zeroPoint = dynamic ? input.RowZeroPoints[image] : input.ZeroPoint;
            new Span<float>(scales + r, count).Fill(dynamic ? input.RowScales[image] : 0);
            new Span<int>(offsets + r, count).Fill(Int8Rows.Offset(First.Weights.Isa, zeroPoint));
            Rows(group, row + r, count, zeroPoint, packed + ((long)r * RowBytes), windows);
            r += count;
        }
    }

    private void Rows(int group, int row, int count, int zeroPoint, byte* packed, byte* windows)
    {
        byte* codes = Inputs[0].Data + ((long)row * geometry.Channels) + (group * groupChannels);
        nint stride = geometry.Channels;
        if (!geometry.IsPointwise)
        {
            WindowRows.Gather(geometry, Inputs[0].Data, 1, group * groupChannels, groupChannels, (byte)zeroPoint, row, count, windows, First.K);
            codes = windows;
            stride = First.K;
        }
        for (int r = 0; r < count; r++)
            Int8Rows.Pack(First.Weights.Isa, (sbyte*)(codes + (r * stride)), First.K, zeroPoint, packed + ((long)r * RowBytes));
    }
}
