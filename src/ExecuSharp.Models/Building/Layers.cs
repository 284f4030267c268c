using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.Building;

/// <summary>The operators that the architectures here are written with, over a graph builder.</summary>
internal sealed class Layers(IGraphBuilder builder)
{
    public IGraphBuilder Builder { get; } = builder;

    public Value Constant(Tensor tensor, string name) => Builder.Constant(tensor, name);

    /// <summary>y = x W^T + b with W [out, in].</summary>
    public Value Linear(Value x, Tensor weight, Tensor? bias, string name) =>
        Builder.Call("aten::linear", x, Constant(weight, name + ".weight"), bias is null ? Argument.None : Constant(bias, name + ".bias"));

    public Value LayerNorm(Value x, Tensor weight, Tensor bias, double epsilon, string name) =>
        Builder.CallMany("aten::native_layer_norm", x, new long[] { weight.Numel }, Constant(weight, name + ".weight"), Constant(bias, name + ".bias"), epsilon)[0];

    public Value Convolution(Value x, Tensor weight, Tensor? bias, long[] stride, long[] padding, string name, long groups = 1) =>
        Builder.Call("aten::convolution", x, Constant(weight, name + ".weight"), bias is null ? Argument.None : Constant(bias, name + ".bias"),
            stride, padding, Array.ConvertAll(stride, _ => 1L), false, Array.ConvertAll(stride, _ => 0L), groups);

    public Value Gelu(Value x) => Builder.Call("aten::gelu", x);

    public Value Relu(Value x) => Builder.Call("aten::relu", x);

    public Value Sigmoid(Value x) => Builder.Call("aten::sigmoid", x);

    public Value Tanh(Value x) => Builder.Call("aten::tanh", x);

    public Value Softmax(Value x) => Builder.Call("aten::_softmax", x, x.Spec.Rank - 1, false);

    public Value Add(Value a, Value b) => Builder.Call("aten::add.Tensor", a, b);

    public Value Multiply(Value a, Value b) => Builder.Call("aten::mul.Tensor", a, b);

    public Value BatchMatrixMultiply(Value a, Value b) => Builder.Call("aten::bmm", a, b);

    public Value View(Value x, params long[] sizes) =>
        x.Spec.Sizes.Select(d => d.Value).SequenceEqual(sizes) ? x : Builder.Call("aten::view_copy", x, sizes);

    public Value Permute(Value x, params long[] dims) => Builder.Call("aten::permute_copy", x, dims);

    public Value Slice(Value x, int dim, long start, long end) => Builder.Call("aten::slice_copy.Tensor", x, dim, start, end, 1);

    public Value Concatenate(int dim, params Value[] parts) => parts.Length == 1 ? parts[0] : Builder.Call("aten::cat", parts, dim);

    /// <summary>[batch, channels, length] to [batch, channels], as the mean of images of height 1, which delegates have.</summary>
    public Value MeanOverLength(Value x)
    {
        long batch = x.Spec.Sizes[0].Value, channels = x.Spec.Sizes[1].Value;
        return View(Builder.Call("aten::mean.dim", View(x, batch, channels, 1, x.Spec.Sizes[2].Value), new long[] { 2, 3 }, true), batch, channels);
    }
}
