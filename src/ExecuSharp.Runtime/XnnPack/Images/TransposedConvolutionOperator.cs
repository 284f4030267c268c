using System.Runtime.CompilerServices;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Nhwc;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Runtime.XnnPack.Linear;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>
/// Transposed convolution in float32: a product makes what each input pixel adds to its window, then each output pixel gathers its parts.
/// </summary>
internal sealed unsafe class TransposedConvolutionOperator : FloatOperator
{
    private const int TileRows = 32;
    private readonly WindowShape shape;
    private readonly FloatWeights[] groups;
    private readonly float[] bias;
    private readonly float min;
    private readonly float max;
    private readonly ParallelLoop products;
    private readonly ParallelLoop gather;
    private XnnContext? context;
    private ConvolutionGeometry geometry;
    private int outputChannels;

    /// <param name="shape">Sizes.</param>
    /// <param name="groups">For each group, weights from its channels to [kernel height, kernel width, its output channels].</param>
    /// <param name="bias">A number for each output channel.</param>
    /// <param name="min">Lower bound.</param>
    /// <param name="max">Upper bound.</param>
    /// <param name="input">Input.</param>
    /// <param name="output">Output.</param>
    public TransposedConvolutionOperator(WindowShape shape, FloatWeights[] groups, float[] bias, float min, float max, XnnTensor input, XnnTensor output)
        : base([input], output)
    {
        (this.shape, this.groups, this.bias, this.min, this.max) = (shape, groups, bias, min, max);
        products = new ParallelLoop(Product);
        gather = new ParallelLoop(Gather);
    }

    private int Pixels => geometry.Batch * geometry.Height * geometry.Width;

    private int Tiles => (Pixels + TileRows - 1) / TileRows;

    private int GroupOutputs => outputChannels / groups.Length;

    protected override void InferShapes(XnnContext context)
    {
        geometry = shape.Infer(Inputs[0], Outputs[0]);
        outputChannels = Outputs[0].Sizes[3];
        OwnScratchBytes = 4L * Pixels * groups.Length * groups[0].N;
    }

    protected override void Compute(XnnContext context)
    {
        this.context = context;
        products.Run(context.Parallel.Pool, groups.Length * Tiles);
        gather.Run(context.Parallel.Pool, geometry.Batch * geometry.OutputHeight);
    }

    private void Product(int task, int slot)
    {
        int group = task / Tiles, row = task % Tiles * TileRows, rows = Math.Min(TileRows, Pixels - row);
        var weights = groups[group];
        int columns = weights.N * groups.Length;
        float* a = From(0) + ((long)row * geometry.Channels) + (group * weights.K), c = (float*)OwnScratch + ((long)row * columns) + (group * weights.N);
        for (int part = 0; part < weights.Parts; part++)
            weights.Run(context!, part, rows, a, geometry.Channels, c, columns);
    }

    private void Gather(int row, int slot)
    {
        int n = row / geometry.OutputHeight, y = row % geometry.OutputHeight;
        float* to = To(0) + ((long)row * geometry.OutputWidth * outputChannels);
        for (int x = 0; x < geometry.OutputWidth; x++, to += outputChannels)
        {
            var pixel = new Span<float>(to, outputChannels);
            bias.CopyTo(pixel);
            for (int ky = 0; ky < geometry.KernelHeight; ky++)
                for (int kx = 0; kx < geometry.KernelWidth; kx++)
                    AddTap(pixel, n, y + geometry.PaddingTop - (ky * geometry.DilationHeight), x + geometry.PaddingLeft - (kx * geometry.DilationWidth), (ky * geometry.KernelWidth) + kx);
            for (int c = 0; c < pixel.Length; c++)
            {
                float value = pixel[c] > min ? pixel[c] : min;
                pixel[c] = value < max ? value : max;
            }
        }
    }

    private void AddTap(Span<float> pixel, int n, int y, int x, int tap)
    {
        if (y < 0 || x < 0 || y % geometry.StrideHeight != 0 || x % geometry.StrideWidth != 0)
            return;
        int iy = y / geometry.StrideHeight, ix = x / geometry.StrideWidth;
        if (iy >= geometry.Height || ix >= geometry.Width)
            return;
        int columns = groups[0].N, outputs = GroupOutputs;
        float* from = (float*)OwnScratch + ((((((long)n * geometry.Height) + iy) * geometry.Width) + ix) * columns * groups.Length) + ((long)tap * outputs);
        for (int group = 0; group < groups.Length; group++, from += columns)
        {
            var part = pixel.Slice(group * outputs, outputs);
            ElementwiseLoops.Binary(context!.Width, default(Sum), part, new ReadOnlySpan<float>(from, outputs), part);
        }
    }

    private readonly struct Sum : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Add(a, b);
    }
}
