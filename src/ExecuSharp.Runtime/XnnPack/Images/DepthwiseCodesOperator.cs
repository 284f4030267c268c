using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>
/// Depthwise convolution of 8-bit codes. Sums are computed in float32, where they are exact: a window of 512 taps stays below 2^24.
/// </summary>
internal sealed unsafe class DepthwiseCodesOperator : XnnOperator
{
    /// <summary>Taps up to which sums are exact.</summary>
    public const int MostTaps = 256;

    private readonly WindowShape shape;
    private readonly float[] filter;
    private readonly float[] bias;
    private readonly float[] scales;
    private readonly int low;
    private readonly int high;
    private readonly XnnTensor input;
    private readonly XnnTensor output;
    private readonly ParallelLoop pad;
    private readonly ParallelLoop loop;
    private XnnContext? context;
    private ConvolutionGeometry geometry;

    /// <param name="shape">Sizes.</param>
    /// <param name="filter">Pinned [kernel height, kernel width, channels] of weights as whole numbers.</param>
    /// <param name="bias">Pinned whole numbers for each channel.</param>
    /// <param name="scales">Pinned input scale * weight scale / output scale for each channel.</param>
    /// <param name="range">Bounds of codes.</param>
    /// <param name="input">Input.</param>
    /// <param name="output">Output.</param>
    public DepthwiseCodesOperator(WindowShape shape, float[] filter, float[] bias, float[] scales, (int Min, int Max) range, XnnTensor input, XnnTensor output)
    {
        (this.shape, this.filter, this.bias, this.scales, this.input, this.output) = (shape, filter, bias, scales, input, output);
        (low, high) = range;
        pad = new ParallelLoop(Pad);
        loop = new ParallelLoop(Row);
    }

    public override IReadOnlyList<XnnTensor> Inputs => [input];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    private long LineBytes => (long)DepthwiseConvolution.PaddedWidth(geometry) * geometry.Channels;

    public override void Reshape(XnnContext context)
    {
        geometry = shape.Infer(input, output);
        ScratchBytes = LineBytes * geometry.Batch * geometry.Height;
    }

    public override void Execute(XnnContext context)
    {
        this.context = context;
        pad.Run(context.Parallel.Pool, geometry.Batch * geometry.Height);
        loop.Run(context.Parallel.Pool, geometry.Batch * geometry.OutputHeight);
    }

    private void Pad(int row, int slot) =>
        DepthwiseConvolution.Pad(geometry, 1, (byte)input.ZeroPoint, input.Data + ((long)row * geometry.Width * geometry.Channels), Scratch + (row * LineBytes));

    private void Row(int row, int slot)
    {
        fixed (float* w = filter, b = bias, s = scales)
        {
            var target = new CodeTarget(s, 0, output.ZeroPoint, low, high);
            if (input.IsSigned)
                DepthwiseConvolution.Row(context!.Width, new SByteSource(input.ZeroPoint), target, geometry, Scratch, w, b, output.Data, row);
            else
                DepthwiseConvolution.Row(context!.Width, new ByteSource(input.ZeroPoint), target, geometry, Scratch, w, b, output.Data, row);
        }
    }
}
