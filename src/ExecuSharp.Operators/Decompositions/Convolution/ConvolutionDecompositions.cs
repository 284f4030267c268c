using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Convolution;

/// <summary>The convolutions of torch.nn as <c>aten::convolution</c>, which the runtime has in one and two dimensions.</summary>
internal static class ConvolutionDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] padding=0, SymInt[1] dilation=1, SymInt groups=1) -> Tensor", Plain),
        One("aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2] dilation=1, SymInt groups=1) -> Tensor", Plain),
        One("aten::conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] padding=0, SymInt[3] dilation=1, SymInt groups=1) -> Tensor", Plain),
        One("aten::conv1d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, str padding=\"valid\", SymInt[1] dilation=1, SymInt groups=1) -> Tensor", Named),
        One("aten::conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, str padding=\"valid\", SymInt[2] dilation=1, SymInt groups=1) -> Tensor", Named),
        One("aten::conv3d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, str padding=\"valid\", SymInt[3] dilation=1, SymInt groups=1) -> Tensor", Named),
        One("aten::conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=1, SymInt[1] padding=0, SymInt[1] output_padding=0, SymInt groups=1, SymInt[1] dilation=1) -> Tensor", Transposed),
        One("aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=1, SymInt[2] padding=0, SymInt[2] output_padding=0, SymInt groups=1, SymInt[2] dilation=1) -> Tensor", Transposed),
        One("aten::conv_transpose3d.input(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=1, SymInt[3] padding=0, SymInt[3] output_padding=0, SymInt groups=1, SymInt[3] dilation=1) -> Tensor", Transposed),
        One("aten::_convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups, bool benchmark, bool deterministic, bool cudnn_enabled, bool allow_tf32) -> Tensor", General),
        One("aten::_convolution.deprecated(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation, bool transposed, int[] output_padding, SymInt groups, bool benchmark, bool deterministic, bool cudnn_enabled) -> Tensor", General),
        One("aten::_convolution_mode(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, str padding, SymInt[] dilation, SymInt groups) -> Tensor", Named),
        One("aten::convolution_overrideable(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups) -> Tensor", General),
    ];

    private static Value Plain(IGraphBuilder b, IReadOnlyList<Argument> a) =>
        Convolve(b, new ConvolutionGeometry(a[1].AsSpec().Rank - 2, a[3], a[4], a[5], 0, a[6].AsInt(), false), a[0].AsValue(), a[1].AsValue(), a[2].AsOptionalValue());

    private static Value Transposed(IGraphBuilder b, IReadOnlyList<Argument> a) =>
        Convolve(b, new ConvolutionGeometry(a[1].AsSpec().Rank - 2, a[3], a[4], a[7], a[5], a[6].AsInt(), true), a[0].AsValue(), a[1].AsValue(), a[2].AsOptionalValue());

    private static Value General(IGraphBuilder b, IReadOnlyList<Argument> a) =>
        Convolve(b, new ConvolutionGeometry(a[1].AsSpec().Rank - 2, a[3], a[4], a[5], a[7], a[8].AsInt(), a[6].AsBool()), a[0].AsValue(), a[1].AsValue(), a[2].AsOptionalValue());

    private static Value Named(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var input = a[0].AsValue();
        var weight = a[1].AsValue();
        int n = weight.Spec.Rank - 2;
        var geometry = new ConvolutionGeometry(n, a[3], 0, a[5], 0, a[6].AsInt(), false);
        if (a[4].AsString() == "valid")
            return Convolve(b, geometry, input, weight, a[2].AsOptionalValue());
        var before = new long[n];
        var pad = new long[2 * n];
        bool uneven = false;
        for (int i = 0; i < n; i++)
        {
            long total = geometry.Dilation[i] * (weight.Spec.Sizes[i + 2].Value - 1);
            before[i] = total / 2;
            pad[2 * (n - 1 - i) + 1] = total - (2 * before[i]);
            uneven |= total % 2 != 0;
        }
        if (uneven)
            input = b.Call1("aten::constant_pad_nd", input, pad, 0);
        return Convolve(b, geometry with { Padding = before }, input, weight, a[2].AsOptionalValue());
    }

    private static Value Convolve(IGraphBuilder b, ConvolutionGeometry g, Value input, Value weight, Value? bias)
    {
        bool batched = input.Spec.Rank == weight.Spec.Rank;
        if (!batched)
            input = b.Unsqueeze(input, 0);
        var result = g.Dimensions == 3
            ? Convolution3d.Convolve(b, g, input, weight, bias)
            : b.Call1("aten::convolution", input, weight, bias is null ? Argument.None : bias, g.Stride, g.Padding, g.Dilation, g.Transposed, g.OutputPadding, g.Groups);
        return batched ? result : b.Squeeze(result, 0);
    }
}
