using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Nhwc;
using ExecuSharp.Runtime.XnnPack.Linear;

namespace ExecuSharp.Runtime.XnnPack.Images;

/// <summary>
/// Products and convolutions of 8-bit codes of rare kinds (unsigned codes, transposed convolution), one sum after the other.
/// </summary>
internal sealed unsafe class CodesConvolutionOperator : XnnOperator
{
    private readonly ProductShape shape;
    private readonly bool transposed;
    private readonly int[] filter;
    private readonly int[] bias;
    private readonly float[] scales;
    private readonly int groups;
    private readonly (int Min, int Max) range;
    private readonly XnnTensor input;
    private readonly XnnTensor output;
    private readonly ParallelLoop loop;
    private ConvolutionGeometry geometry;

    /// <param name="shape">Sizes.</param>
    /// <param name="transposed">Transposed convolution.</param>
    /// <param name="filter">[output channels, kernel height, kernel width, group input channels], zero point taken away.</param>
    /// <param name="bias">For each output channel.</param>
    /// <param name="scales">input scale * weight scale / output scale for each output channel.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="range">Bounds of codes.</param>
    /// <param name="input">Input.</param>
    /// <param name="output">Output.</param>
    public CodesConvolutionOperator(ProductShape shape, bool transposed, int[] filter, int[] bias, float[] scales, int groups, (int Min, int Max) range, XnnTensor input, XnnTensor output)
    {
        (this.shape, this.transposed, this.filter, this.bias, this.scales, this.groups, this.range, this.input, this.output) = (shape, transposed, filter, bias, scales, groups, range, input, output);
        loop = new ParallelLoop(Row);
    }

    public override IReadOnlyList<XnnTensor> Inputs => [input];

    public override IReadOnlyList<XnnTensor> Outputs => [output];

    public override void Reshape(XnnContext context) => geometry = shape.Infer(input, output);

    public override void Execute(XnnContext context) => loop.Run(context.Parallel.Pool, geometry.Batch * geometry.OutputHeight);

    private void Row(int row, int slot)
    {
        int n = row / geometry.OutputHeight, y = row % geometry.OutputHeight;
        byte* to = output.Data + ((long)row * geometry.OutputWidth * bias.Length);
        for (int x = 0; x < geometry.OutputWidth; x++)
            for (int channel = 0; channel < bias.Length; channel++)
                *to++ = (byte)(int)Quantization.Code((bias[channel] + Sum(n, y, x, channel)) * scales[channel], output.ZeroPoint, range.Min, range.Max);
    }

    private int Sum(int n, int y, int x, int channel)
    {
        int channels = geometry.Channels / groups, first = channel / (bias.Length / groups) * channels, sum = 0;
        int weight = channel * geometry.KernelHeight * geometry.KernelWidth * channels;
        for (int ky = 0; ky < geometry.KernelHeight; ky++)
            for (int kx = 0; kx < geometry.KernelWidth; kx++, weight += channels)
            {
                if (!Place(y, ky, geometry.StrideHeight, geometry.DilationHeight, geometry.PaddingTop, geometry.Height, out int iy)
                    || !Place(x, kx, geometry.StrideWidth, geometry.DilationWidth, geometry.PaddingLeft, geometry.Width, out int ix))
                    continue;
                byte* from = input.Data + ((((((long)n * geometry.Height) + iy) * geometry.Width) + ix) * geometry.Channels) + first;
                for (int c = 0; c < channels; c++)
                    sum += ((input.IsSigned ? (sbyte)from[c] : from[c]) - input.ZeroPoint) * filter[weight + c];
            }
        return sum;
    }

    private bool Place(int index, int tap, int stride, int dilation, int padding, int size, out int place)
    {
        place = transposed ? index + padding - (tap * dilation) : (index * stride) - padding + (tap * dilation);
        if (transposed)
        {
            if (place < 0 || place % stride != 0)
                return false;
            place /= stride;
        }
        return (uint)place < (uint)size;
    }
}
