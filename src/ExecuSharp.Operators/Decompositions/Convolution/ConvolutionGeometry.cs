using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Convolution;

/// <summary>Strides, paddings and the like of a convolution, one number for each spatial dimension.</summary>
internal sealed record ConvolutionGeometry(int Dimensions, long[] Stride, long[] Padding, long[] Dilation, long[] OutputPadding, long Groups, bool Transposed)
{
    public ConvolutionGeometry(int dimensions, Argument stride, Argument padding, Argument dilation, Argument outputPadding, long groups, bool transposed)
        : this(dimensions, Each(stride, dimensions), Each(padding, dimensions), Each(dilation, dimensions), Each(outputPadding, dimensions), groups, transposed)
    {
    }

    private static long[] Each(Argument argument, int dimensions)
    {
        long[] values = argument.IsList ? argument.AsInts() : [argument.AsInt()];
        return values.Length == 1 && dimensions > 1 ? [.. Enumerable.Repeat(values[0], dimensions)] : values;
    }
}
