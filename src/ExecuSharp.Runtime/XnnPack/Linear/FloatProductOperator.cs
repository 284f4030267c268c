using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>Convolution or fully connected layer in float32 with constant weights: windows become rows of a matrix product.</summary>
internal sealed unsafe class FloatProductOperator : FloatOperator
{
    private const int MostRows = 96;
    private const int TileFloats = 262144;
    private readonly FloatWeights[] groups;
    private readonly ProductShape shape;
    private readonly int groupChannels;
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private ConvolutionGeometry geometry;
    private ProductTiling tiling;

    /// <param name="groups">Weights of each group of channels.</param>
    /// <param name="groupChannels">Input channels of a group.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="input">Input.</param>
    /// <param name="output">Output.</param>
    public FloatProductOperator(FloatWeights[] groups, int groupChannels, ProductShape shape, XnnTensor input, XnnTensor output)
        : base([input], output)
    {
        (this.groups, this.groupChannels, this.shape) = (groups, groupChannels, shape);
        loop = new ParallelLoop(Part);
    }

    private FloatWeights First => groups[0];

    protected override void InferShapes(XnnContext context)
    {
        geometry = shape.Infer(Inputs[0], Outputs[0]);
        int most = Math.Clamp(TileFloats / Math.Max(1, First.K) / 8 * 8, 48, MostRows);
        tiling = ProductTiling.Of(geometry.Pixels, groups.Length, First.Parts, most, context.Threads, shareRows: !geometry.IsPointwise);
        OwnScratchBytes = geometry.IsPointwise ? 0 : context.Threads * SlotBytes;
    }

    private long SlotBytes => Align(4L * tiling.TileRows * First.K);

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        loop.Run(context.Parallel.Pool, tiling.Tasks);
    }

    private void Part(int task, int slot)
    {
        var (group, row, rows, first, end) = tiling.Task(task);
        var weights = groups[group];
        float* a;
        int lda;
        if (geometry.IsPointwise)
        {
            a = From(0) + ((long)row * geometry.Channels) + (group * groupChannels);
            lda = geometry.Channels;
        }
        else
        {
            a = (float*)(OwnScratch + (slot * SlotBytes));
            lda = weights.K;
            WindowRows.Gather(geometry, (byte*)From(0), 4, group * groupChannels, groupChannels, 0, row, rows, (byte*)a, 4 * (nint)lda);
        }
        int columns = weights.N * groups.Length;
        float* c = To(0) + ((long)row * columns) + (group * weights.N);
        for (int p = first; p < end; p++)
            weights.Run(context!, p, rows, a, lda, c, columns);
    }
}
