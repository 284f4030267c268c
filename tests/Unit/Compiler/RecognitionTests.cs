using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using static ExecuSharp.Tests.Unit.Compiler.CompiledGraph;

namespace ExecuSharp.Tests.Unit.Compiler;

/// <summary>What is written out in pieces becomes one operator with the same results; what only looks like it stays.</summary>
public sealed class RecognitionTests
{
    [Theory]
    [InlineData(0.5, "aten::gelu")]
    [InlineData(0.6, "aten::erf")]
    public void Gelu_by_the_error_function(double half, string found) => Becomes(found, (g, x) =>
        g.Call("aten::mul.Tensor", g.Call("aten::mul.Tensor", x, g.Call("aten::add.Scalar", g.Call("aten::erf", g.Call("aten::div.Tensor", x, Number(g, Math.Sqrt(2)))), 1)), Number(g, half)));

    [Fact]
    public void Gelu_by_the_hyperbolic_tangent() => Becomes("aten::gelu", (g, x) =>
    {
        var cubic = g.Call("aten::add.Tensor", x, g.Call("aten::mul.Scalar", g.Call("aten::pow.Tensor_Scalar", x, 3), 0.044715));
        var gate = g.Call("aten::add.Scalar", g.Call("aten::tanh", g.Call("aten::mul.Scalar", cubic, 0.7978845608)), 1);
        return g.Call("aten::mul.Tensor", g.Call("aten::mul.Scalar", x, 0.5), gate);
    });

    [Theory]
    [InlineData(3, 6, 1.0, 6, "aten::hardswish")]
    [InlineData(0.5, 1, 6.0, 1, "aten::hardswish")]
    [InlineData(3, 5, 1.0, 6, "aten::clamp")]
    public void Hard_swish(double offset, double top, double divisor, double last, string found) => Becomes(found, (g, x) =>
    {
        var line = g.Call("aten::add.Scalar", divisor == 1 ? x : g.Call("aten::div.Scalar", x, divisor), offset);
        return g.Call("aten::div.Scalar", g.Call("aten::mul.Tensor", x, g.Call("aten::clamp", line, 0, top)), last);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Layer_norm_with_its_weight_and_bias(bool root)
    {
        var graph = Becomes("aten::native_layer_norm", (g, x) =>
        {
            var centred = g.Call("aten::sub.Tensor", x, g.Call("aten::mean.dim", x, new long[] { 2 }, true));
            var variance = g.Call("aten::mean.dim", g.Call("aten::pow.Tensor_Scalar", centred, 2), new long[] { -1 }, true);
            var shifted = g.Call("aten::add.Tensor", variance, Number(g, 1e-3));
            var normal = root ? g.Call("aten::div.Tensor", centred, g.Call("aten::sqrt", shifted)) : g.Call("aten::mul.Tensor", g.Call("aten::rsqrt", shifted), centred);
            return g.Call("aten::add.Tensor", g.Constant(Floats(4, 4)), g.Call("aten::mul.Tensor", normal, g.Constant(Floats(5, 1, 4))));
        });
        Assert.Single(graph.Nodes);
    }

    [Theory]
    [InlineData(false, "aten::rms_norm")]
    [InlineData(true, "aten::sqrt")]
    public void Root_mean_square_norm_with_its_weight(bool ofAnother, string found) => Becomes(found, (g, x) =>
    {
        var squares = g.Call("aten::mean.dim", g.Call("aten::mul.Tensor", x, x), new long[] { 2 }, true);
        var numerator = ofAnother ? g.Call("aten::neg", x) : x;
        return g.Call("aten::mul.Tensor", g.Constant(Floats(5, 4)), g.Call("aten::div.Tensor", numerator, g.Call("aten::sqrt", g.Call("aten::add.Scalar", squares, 1e-3))));
    });

    [Theory]
    [InlineData(new long[] { 1 }, "aten::_softmax")]
    [InlineData(new long[] { 1, 2 }, "aten::exp")]
    public void Softmax(long[] dims, string found) => Becomes(found, (g, x) =>
    {
        var exp = g.Call("aten::exp", g.Call("aten::sub.Tensor", x, g.Call("aten::amax", x, dims, true)));
        return g.Call("aten::div.Tensor", exp, g.Call("aten::sum.dim_IntList", exp, dims, true));
    });

    [Fact]
    public void A_factor_of_each_channel_goes_into_the_weight()
    {
        var graph = Becomes("aten::linear", (g, x) => g.Call("aten::mul.Tensor", g.Call("aten::linear", x, g.Constant(Floats(6, 5, 4)), g.Constant(Floats(7, 5))), g.Constant(Floats(8, 5))));
        Assert.Single(graph.Nodes);
    }

    [Fact]
    public void A_weight_that_others_use_is_not_scaled()
    {
        var graph = Becomes("aten::mul.Tensor", (g, x) =>
        {
            var weight = g.Constant(Floats(6, 4, 4));
            return g.Call("aten::mul.Tensor", g.Call("aten::linear", g.Call("aten::linear", x, weight), weight), g.Constant(Floats(8, 4)));
        });
        Assert.Equal(3, graph.Nodes.Count);
    }

    [Fact]
    public void The_scale_of_attention_goes_into_the_query()
    {
        var graph = Becomes("aten::bmm", (g, x) =>
        {
            var query = g.Call("aten::linear", x, g.Constant(Floats(1, 4, 4)), g.Constant(Floats(2, 4)));
            var key = g.Call("aten::permute_copy", g.Call("aten::mul.Scalar", g.Call("aten::linear", x, g.Constant(Floats(3, 4, 4))), 0.7), new long[] { 0, 2, 1 });
            return g.Call("aten::div.Scalar", g.Call("aten::bmm", g.Call("aten::mul.Scalar", query, 0.7), key), 2);
        });
        Assert.DoesNotContain(graph.Nodes, n => n.Op.Contains("mul", StringComparison.Ordinal) || n.Op.Contains("div", StringComparison.Ordinal));
    }

    [Fact]
    public void The_scale_of_scores_goes_to_smaller_queries()
    {
        var graph = Becomes("aten::mul.Scalar", (g, x) => g.Call("aten::div.Tensor", g.Call("aten::bmm", g.Call("aten::permute_copy", x, new long[] { 0, 2, 1 }), g.Call("aten::tanh", x)), Number(g, 2)));
        Assert.Equal(2 * 3 * 4, graph.Nodes.Single(n => n.Op == "aten::mul.Scalar").Output.Spec.MaxNumel);
    }

    [Fact]
    public void A_constant_of_one_element_becomes_a_number()
    {
        var graph = Becomes("aten::sub.Scalar", (g, x) => g.Call("aten::sub.Tensor", g.Call("aten::add.Tensor", Number(g, 3), g.Call("aten::sub.Tensor", Number(g, 2), x)), Number(g, 4)));
        Assert.Equal(["aten::sub.Tensor", "aten::add.Scalar", "aten::sub.Scalar"], graph.Nodes.Select(n => n.Op));
    }

    [Fact]
    public void A_bias_behind_a_convolution_becomes_its_own()
    {
        var graph = Becomes("aten::convolution", (g, x) => g.Call(
            "aten::add.Tensor", g.Call("aten::convolution", x, g.Constant(Floats(1, 5, 3, 2)), Argument.None, new long[] { 1 }, new long[] { 0 }, new long[] { 1 }, false, new long[] { 0 }, 1), g.Constant(Floats(2, 5, 1))));
        Assert.Single(graph.Nodes);
    }

    [Fact]
    public void Permutations_around_element_wise_operators_vanish()
    {
        var graph = Becomes("aten::relu", (g, x) =>
        {
            long[] order = [2, 0, 1], back = [1, 2, 0];
            Value a = g.Call("aten::permute_copy", x, order), b = g.Call("aten::permute_copy", g.Call("aten::tanh", x), order);
            var sum = g.Call("aten::add.Tensor", g.Call("aten::relu", a), g.Call("aten::mul.Tensor", b, g.Constant(Floats(3, 3))));
            return g.Call("aten::permute_copy", sum, back);
        });
        Assert.DoesNotContain(graph.Nodes, n => n.Op == "aten::permute_copy");
    }

    [Fact]
    public void A_permuted_value_that_others_need_stays()
    {
        var graph = Becomes("aten::permute_copy", (g, x) =>
        {
            var a = g.Call("aten::permute_copy", x, new long[] { 0, 2, 1 });
            var product = g.Call("aten::linear", a, g.Constant(Floats(3, 4, 3)));
            return g.Call("aten::add.Tensor", g.Call("aten::permute_copy", g.Call("aten::relu", a), new long[] { 0, 2, 1 }), g.Call("aten::sum.dim_IntList", product, new long[] { 0, 1, 2 }, false));
        });
        Assert.Equal(2, graph.Nodes.Count(n => n.Op == "aten::permute_copy"));
    }

    private static Value Number(IGraphBuilder g, double number) => g.Constant(Tensor.From<float>([(float)number], []));

    private static Graph Becomes(string op, Func<IGraphBuilder, Value, Value> write)
    {
        var graph = new GraphBuilder("forward");
        var x = graph.Input("x", new TensorSpec(ScalarType.Float, 2, 3, 4));
        graph.Output(write(graph, x), "y");
        var built = graph.Build();
        GivesTheSame(built, [Floats(1, 2, 3, 4)], [Floats(2, 2, 3, 4)]);
        var simple = PteCompiler.Simplify(built, KernelContext.SingleThreaded());
        Assert.Contains(simple.Nodes, n => n.Op == op);
        return simple;
    }
}
