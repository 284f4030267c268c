using ExecuSharp.Core;
using ExecuSharp.Kernels.Convolution;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Convolution;

/// <summary>The checked parameters of a convolution; one spatial axis is computed as two with a height of 1.</summary>
internal readonly struct ConvolutionArguments
{
    private readonly int rank;

    private ConvolutionArguments(ConvolutionShape shape, bool transposed, int rank)
    {
        Shape = shape;
        Transposed = transposed;
        this.rank = rank;
    }

    /// <summary>Sizes. Of a transposed convolution, "in" is still the input and "out" the output.</summary>
    public ConvolutionShape Shape { get; }

    public bool Transposed { get; }

    /// <summary>Checks as the official kernels do.</summary>
    /// <param name="args">The call.</param>
    /// <param name="first">Position of the stride argument, with padding, dilation, transposed, output_padding and groups after it.</param>
    /// <param name="input">Input.</param>
    /// <param name="weight">Weight.</param>
    /// <param name="bias">Bias.</param>
    /// <param name="output">Output, or the gradient that stands for it.</param>
    public static ConvolutionArguments Check(in KernelArgs args, int first, Tensor input, Tensor weight, Tensor? bias, Tensor output)
    {
        ReadOnlySpan<long> stride = args.Ints(first), padding = args.Ints(first + 1), dilation = args.Ints(first + 2), extra = args.Ints(first + 4);
        bool transposed = args.Bool(first + 3);
        long groups = args.Int(first + 5);
        KernelChecks.SameType(input, weight);
        KernelChecks.SameType(input, output);
        CheckOrder(input);
        CheckOrder(output);
        if (!transposed)
            CheckOrder(weight);
        KernelChecks.Require(input.Rank is 3 or 4 && weight.Rank == input.Rank && output.Rank == input.Rank, $"input {input}, weight {weight}, output {output}");
        int axes = input.Rank - 2;
        WindowParameters.Check("stride", stride, axes, 1);
        WindowParameters.Check("padding", padding, axes, 0);
        WindowParameters.Check("dilation", dilation, axes, 1);
        KernelChecks.Require(groups > 0 && weight.Sizes[0] >= groups && weight.Sizes[0] % groups == 0, $"{groups} groups for weight {weight}");
        KernelChecks.Require(transposed ? input.Sizes[1] == weight.Sizes[0] : input.Sizes[1] == groups * weight.Sizes[1], $"{groups} groups, input {input}, weight {weight}");
        long channels = transposed ? groups * weight.Sizes[1] : weight.Sizes[0];
        if (bias is not null)
            KernelChecks.Require(bias.Rank == 1 && bias.Sizes[0] == channels, $"bias {bias} for {channels} channels");
        if (transposed)
        {
            WindowParameters.Check("output_padding", extra, axes, 0);
            for (int i = 0; i < axes; i++)
                KernelChecks.Require(WindowParameters.At(extra, i) < Math.Max(WindowParameters.At(stride, i), WindowParameters.At(dilation, i)), "output padding must be smaller than stride or dilation");
        }
        if (input.Sizes[1] == 0)
            channels = 0;
        Span<long> sizes = stackalloc long[2];
        sizes[0] = 1;
        for (int i = 0; i < axes; i++)
        {
            long size = input.Sizes[i + 2], kernel = weight.Sizes[i + 2];
            long s = WindowParameters.At(stride, i), p = WindowParameters.At(padding, i, 0), d = WindowParameters.At(dilation, i);
            long length = transposed
                ? ((size - 1) * s) - (2 * p) + (d * (kernel - 1)) + WindowParameters.At(extra, i, 0) + 1
                : WindowParameters.Windows(size, kernel, s, p, d, ceil: false);
            KernelChecks.Require(length > 0 && length <= int.MaxValue, $"an output size of {length}");
            sizes[2 - axes + i] = length;
        }
        bool flat = axes == 1;
        var shape = new ConvolutionShape(
            input.Sizes[0], (int)groups, input.Sizes[1], flat ? 1 : input.Sizes[2], input.Sizes[^1], (int)channels, (int)sizes[0], (int)sizes[1],
            flat ? 1 : weight.Sizes[2], weight.Sizes[^1],
            flat ? 1 : (int)WindowParameters.At(stride, 0), (int)WindowParameters.At(stride, axes - 1),
            flat ? 0 : (int)WindowParameters.At(padding, 0, 0), (int)WindowParameters.At(padding, axes - 1, 0),
            flat ? 1 : (int)WindowParameters.At(dilation, 0), (int)WindowParameters.At(dilation, axes - 1));
        return new ConvolutionArguments(shape, transposed, input.Rank);
    }

    /// <summary>Gives the output its sizes.</summary>
    public void Resize(Tensor output) => KernelChecks.ResizeOut(output, OutputSizes(stackalloc int[4]));

    /// <summary>The output's sizes, in the front of <paramref name="target"/>.</summary>
    public ReadOnlySpan<int> OutputSizes(Span<int> target)
    {
        target[0] = Shape.Batch;
        target[1] = Shape.OutChannels;
        target[2] = Shape.OutHeight;
        target[rank - 1] = Shape.OutWidth;
        return target[..rank];
    }

    private static void CheckOrder(Tensor t)
    {
        if (!KernelChecks.IsChannelsLast(t))
            KernelChecks.ContiguousOrder(t);
    }
}
