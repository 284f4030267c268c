using ExecuSharp.Core;
using static ExecuSharp.Tests.Unit.Operators.Decompositions.OperatorRun;

namespace ExecuSharp.Tests.Unit.Operators.Decompositions;

/// <summary>PyTorch's fused attention operators against the operators that they fuse.</summary>
public sealed class AttentionTests
{
    private const int Width = 4, Heads = 2, Steps = 3;

    [Fact]
    public void The_reference_form_of_attention_gives_values_and_weights()
    {
        Tensor q = Wave(1, 2, Steps, 2), k = Wave(2, 2, Steps, 2), v = Wave(3, 2, Steps, 2);
        var results = Many("aten::_scaled_dot_product_attention_math", q, k, v);
        AssertNear(Numbers(One("aten::scaled_dot_product_attention", q, k, v)), results[0]);
        AssertNear(Numbers(One("aten::softmax.int", One("aten::div.Scalar", One("aten::matmul", q, One("aten::transpose.int", k, -2, -1)), Math.Sqrt(2)), -1)), results[1]);
    }

    [Fact]
    public void Multi_head_attention()
    {
        Tensor x = Wave(1, 2, Steps, Width), w = Wave(2, 3 * Width, Width), b = Wave(3, 3 * Width), p = Wave(4, Width, Width), pb = Wave(5, Width);
        var found = Many("aten::_native_multi_head_attention", x, x, x, Width, Heads, w, b, p, pb, null, false);
        AssertNear(Numbers(SelfAttention(x, w, b, p, pb)), found[0], 1e-5);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void An_encoder_layer(bool gelu, bool normFirst)
    {
        Tensor x = Wave(1, 2, Steps, Width), w = Wave(2, 3 * Width, Width), b = Wave(3, 3 * Width), p = Wave(4, Width, Width), pb = Wave(5, Width);
        Tensor n1 = Wave(6, Width), c1 = Wave(7, Width), n2 = Wave(8, Width), c2 = Wave(9, Width), f1 = Wave(10, 6, Width), g1 = Wave(11, 6), f2 = Wave(12, Width, 6), g2 = Wave(13, Width);
        var found = One("aten::_transformer_encoder_layer_fwd", x, Width, Heads, w, b, p, pb, gelu, normFirst, 1e-5, n1, c1, n2, c2, f1, g1, f2, g2);
        Tensor Norm(Tensor t, Tensor weight, Tensor bias) => One("aten::layer_norm", t, new long[] { Width }, weight, bias, 1e-5);
        Tensor Feed(Tensor t) => One("aten::linear", One(gelu ? "aten::gelu" : "aten::relu", One("aten::linear", t, f1, g1)), f2, g2);
        Tensor expected;
        if (normFirst)
        {
            var attended = Add(x, SelfAttention(Norm(x, n1, c1), w, b, p, pb));
            expected = Add(attended, Feed(Norm(attended, n2, c2)));
        }
        else
        {
            var attended = Norm(Add(x, SelfAttention(x, w, b, p, pb)), n1, c1);
            expected = Norm(Add(attended, Feed(attended)), n2, c2);
        }
        AssertNear(Numbers(expected), found, 2e-5);
    }

    private static Tensor SelfAttention(Tensor x, Tensor w, Tensor b, Tensor p, Tensor pb)
    {
        var parts = Many("aten::split.Tensor", One("aten::linear", x, w, b), Width, -1);
        Tensor Split(Tensor t) => One("aten::permute", One("aten::view", t, new long[] { 2, Steps, Heads, Width / Heads }), new long[] { 0, 2, 1, 3 });
        var heads = One("aten::scaled_dot_product_attention", Split(parts[0]), Split(parts[1]), Split(parts[2]));
        return One("aten::linear", One("aten::reshape", One("aten::permute", heads, new long[] { 0, 2, 1, 3 }), new long[] { 2, Steps, Width }), p, pb);
    }

    private static Tensor Add(Tensor a, Tensor b) => One("aten::add.Tensor", a, b);

    private static Tensor Wave(int seed, params int[] sizes) =>
        Tensor.From<float>([.. Enumerable.Range(0, sizes.Aggregate(1, (n, s) => n * s)).Select(i => MathF.Sin((seed * 1.7f) + (i * 0.9f)))], sizes);
}
