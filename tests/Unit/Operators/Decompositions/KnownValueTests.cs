using ExecuSharp.Core;
using static ExecuSharp.Tests.Unit.Operators.Decompositions.OperatorRun;

namespace ExecuSharp.Tests.Unit.Operators.Decompositions;

/// <summary>Small calls whose results follow from PyTorch's documentation.</summary>
public sealed class KnownValueTests
{
    [Fact]
    public void Joining_and_splitting()
    {
        AssertNear([1, 2, 0, 3, 4, 0, 0, 0, 5], One("aten::block_diag", [new[] { Matrix(2, 1, 2, 3, 4), Matrix(1, 5) }]));
        AssertNear([1, 3, 1, 4, 2, 3, 2, 4], One("aten::cartesian_prod", [new[] { Vector(1, 2), Vector(3, 4) }]));
        AssertNear([1, 3, 2, 4], One("aten::column_stack", [new[] { Vector(1, 2), Vector(3, 4) }]));
        var grid = Many("aten::meshgrid", [new[] { Vector(1, 2), Vector(3, 4, 5) }]);
        AssertNear([1, 1, 1, 2, 2, 2], grid[0]);
        AssertNear([3, 4, 5, 3, 4, 5], grid[1]);
        Assert.Equal<double[]>([[0, 1], [2], [3, 4]], [.. Many("aten::tensor_split.indices", Count(5), new long[] { 2, 3 }, 0).Select(Numbers)]);
        Assert.Equal<double[]>([[0, 1], [2, 3], [4]], [.. Many("aten::tensor_split.sections", Count(5), 3, 0).Select(Numbers)]);
        Assert.Equal<double[]>([[0], [1, 2]], [.. Many("aten::hsplit.array", Count(3), new long[] { 1 }).Select(Numbers)]);
        Assert.Equal<double[]>([[0, 1], [2, 3]], [.. Many("aten::vsplit.array", Count(2, 2), new long[] { 1 }).Select(Numbers)]);
        Assert.Equal<double[]>([[0, 1], [2, 3]], [.. Many("aten::vsplit.int", Count(2, 2), 2).Select(Numbers)]);
        Assert.Equal<double[]>([[0, 3], [1, 2, 4, 5]], [.. Many("aten::dsplit.array", Count(1, 2, 3), new long[] { 1 }).Select(Numbers)]);
        Assert.Equal<double[]>([[0, 1], [2]], [.. Many("aten::split.sizes", Count(3), new long[] { 2, 1 }, 0).Select(Numbers)]);
        Assert.Equal<double[]>([[0, 1], [2]], [.. Many("aten::unsafe_split_with_sizes", Count(3), new long[] { 2, 1 }, 0).Select(Numbers)]);
    }

    [Fact]
    public void Moving_and_picking()
    {
        AssertNear([0, 3, 1, 4, 2, 5], One("aten::movedim.int", Count(2, 3), 0, 1));
        AssertNear([2, 3, 0, 1], One("aten::flipud", Count(2, 2)));
        AssertNear([1, 2, 4, 5], One("aten::narrow", Count(2, 3), 1, 1, 2));
        AssertNear([1, 2, 4, 5], One("aten::narrow.Tensor", Count(2, 3), 1, Tensor.From<long>([1], []), 2));
        AssertNear([5, 0, 3], One("aten::take", Count(2, 3), Longs(5, 0, 3)));
        AssertNear([0, 9, 2, 8, 4, 5], One("aten::put", Count(2, 3), Longs(1, 3), Vector(9, 8)));
        AssertNear([0, 18, 2, 3, 4, 5], One("aten::put", Count(2, 3), Longs(1, 1), Vector(9, 8), true));
        AssertNear([0, 2, 1, 3], One("aten::native_channel_shuffle", Count(1, 4, 1, 1), 2));
        var second = Many("aten::kthvalue", Matrix(2, 3, 1, 2, 9, 7, 8), 2);
        AssertNear([2, 8], second[0]);
        AssertNear([2, 2], second[1]);
        AssertNear([1, 2, 2, 0, 0, 1], One("aten::tril_indices", 3, 3, -1));
        AssertNear([0, 0, 1, 1, 2, 2], One("aten::triu_indices", 3, 3, 1));
        AssertNear([2, 0, 1, 2, 0], One("aten::_pad_circular", Count(1, 3), new long[] { 1, 1 }));
        AssertNear([1], One("aten::bucketize.Scalar", 3.0, Vector(1, 4)));
    }

    [Fact]
    public void Creating()
    {
        AssertNear([2, 3, 4], One("aten::arange.start", 2, 5));
        AssertNear([0, 0.25, 0.5, 0.75, 1], One("aten::linspace", 0.0, 1.0, 5));
        AssertNear([1, 2, 3], One("aten::linspace.Scalar_Tensor", 1.0, Tensor.From<float>([3], []), 3));
        AssertNear([1, 10, 100], One("aten::logspace", 0.0, 2.0, 3), 1e-5);
        AssertNear([1, 2, 4], One("aten::logspace.Tensor_Tensor", Tensor.From<float>([0], []), Tensor.From<float>([2], []), 3, 2.0), 1e-5);
        AssertNear([1, 0, 0, 1], One("aten::eye", 2));
        AssertNear([1, 0, 0, 0, 1, 0], One("aten::eye.m", 2, 3));
        AssertNear([0, 0.75, 0.75, 0], One("aten::hann_window.periodic", 4, false));
        AssertNear([0, 0.5, 1, 0.5], One("aten::hann_window", 4));
        AssertNear([0.08, 0.54, 1, 0.54], One("aten::hamming_window", 4));
        AssertNear([0.08, 0.77, 0.77, 0.08], One("aten::hamming_window.periodic", 4, false));
        AssertNear([0.2, 1, 0.2], One("aten::hamming_window.periodic_alpha_beta", 3, false, 0.6, 0.4));
        AssertNear([0, 0.34, 1, 0.34], One("aten::blackman_window", 4));
        AssertNear([0, 0.63, 0.63, 0], One("aten::blackman_window.periodic", 4, false));
        AssertNear([0, 0.5, 1, 0.5], One("aten::bartlett_window", 4));
        AssertNear([0, 2 / 3.0, 2 / 3.0, 0], One("aten::bartlett_window.periodic", 4, false));
        AssertNear([4, 2, 1, 9, 3, 1], One("aten::vander", Vector(2, 3), 3));
        AssertNear([1, 2, 4, 1, 3, 9], One("aten::linalg_vander", Vector(2, 3), 3));
        foreach (var empty in new[] { One("aten::empty_like", Count(2, 3)), One("aten::new_empty", Count(1), new long[] { 2, 3 }), One("aten::empty_permuted", new long[] { 2, 3 }, new long[] { 0, 1 }), One("aten::empty_strided", new long[] { 2, 3 }, new long[] { 3, 1 }) })
            Assert.Equal<int>([2, 3], empty.Sizes.ToArray());
    }

    [Fact]
    public void Statistics()
    {
        AssertNear([(1 + 4) / 2.0 + (4 + 2) / 2.0], One("aten::trapezoid.dx", Vector(1, 4, 2)));
        AssertNear([2.5, 5.5], One("aten::cumulative_trapezoid.dx", Vector(1, 4, 2)));
        AssertNear([2.5, 8.5], One("aten::cumulative_trapezoid.x", Vector(1, 4, 2), Vector(0, 1, 3)));
        AssertNear([2.5], One("aten::nanquantile.scalar", Vector(4, float.NaN, 1), 0.5));
        AssertNear([1, 4], One("aten::nanquantile", Vector(4, float.NaN, 1), Vector(0, 1)));
        AssertNear([1, -1, -1, 1], One("aten::corrcoef", Matrix(2, 1, 2, 3, 3, 2, 1)));
        AssertNear([1, -1, -1, 1], One("aten::cov", Matrix(2, 1, 2, 3, 3, 2, 1)));
        AssertNear([5, 3, 4], One("aten::pdist", Matrix(3, 0, 0, 3, 4, 3, 0)));
        AssertNear([0.6, 0.8, 0.1, 0], One("aten::renorm", Matrix(2, 3, 4, 0.1f, 0), 2.0, 0, 1.0), 1e-5);
        AssertNear([5], One("aten::norm.Scalar", Vector(3, 4)));
        AssertNear([7, 1], One("aten::norm.ScalarOpt_dim", Matrix(2, 3, 4, 1, 0), 1.0, new long[] { 1 }));
        AssertNear([7, 1], One("aten::norm.ScalarOpt_dim_dtype", Matrix(2, 3, 4, 1, 0), 1.0, new long[] { 1 }, false, ScalarType.Double));
        AssertNear([4], One("aten::norm.ScalarOpt_dtype", Vector(3, 4), double.PositiveInfinity, ScalarType.Float));
        AssertNear([Math.Sqrt(30)], One("aten::linalg_norm.ord_str", Matrix(2, 1, 2, 3, 4), "fro"));
        AssertNear([1], One("aten::equal", Vector(1, 2), Vector(1, 2)));
        AssertNear([0], One("aten::equal", Vector(1, 2), Vector(1, 3)));
        AssertNear([1], One("aten::allclose", Vector(1, 2), Vector(1, 2.000001f)));
        AssertNear([0], One("aten::allclose", Vector(1, 2), Vector(1, 2.1f)));
        AssertNear([0.5, 1, 1.5, 1.5], Many("aten::gradient.array", Vector(1, 1.5f, 3, 4.5f), new long[] { 0 })[0]);
        AssertNear([0.25, 0.5, 0.75, 0.75], Many("aten::gradient.scalararray", Vector(1, 1.5f, 3, 4.5f), 2.0, new long[] { 0 })[0]);
    }

    [Fact]
    public void Matrices()
    {
        var m = Matrix(2, 4, 1, 2, 3);
        AssertNear([10], One("aten::det", m));
        AssertNear([1], Many("aten::slogdet", m)[0]);
        AssertNear([Math.Log(10)], Many("aten::slogdet", m)[1]);
        AssertNear([18, 7, 14, 11], One("aten::matrix_power", m, 2));
        AssertNear([12, 16], One("aten::chain_matmul", [new[] { m, Matrix(2, 1, 2), Matrix(1, 2) }]));
        AssertNear([(2 * 3 * 4) + 1], One("aten::bilinear", Matrix(1, 2), Matrix(1, 3), Tensor.From<float>([4], 1, 1, 1), Vector(1)));
        AssertNear([13], One("aten::_adaptive_avg_pool3d", Count(1, 1, 3, 3, 3), new long[] { 1, 1, 1 }));
        // Four overlapping columns of a 2x2 kernel over 3x3: each element counts as often as it is covered.
        AssertNear([1, 2, 1, 2, 4, 2, 1, 2, 1], One("aten::col2im", Tensor.From<float>([.. Enumerable.Repeat(1f, 16)], 1, 4, 4), new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 1, 1 }, new long[] { 0, 0 }, new long[] { 1, 1 }));
        AssertNear([0, 0, 0, 0, 0, 0, 0, 5], One("aten::max_unpool3d", Tensor.From<float>([5], 1, 1, 1, 1, 1), Tensor.From<long>([7], 1, 1, 1, 1, 1), new long[] { 2, 2, 2 }, new long[] { 2, 2, 2 }, new long[] { 0, 0, 0 }));
    }

    [Fact]
    public void Convolutions_under_other_names()
    {
        Tensor x = Count(1, 1, 3, 3), w = Tensor.From<float>([1, 0, 0, -1], 1, 1, 2, 2), b = Vector(10);
        long[] one = [1, 1], zero = [0, 0];
        AssertNear([6, 6, 6, 6], One("aten::_convolution.deprecated", x, w, b, one, zero, one, false, zero, 1, false, false, true));
        AssertNear([6, 6, 6, 6], One("aten::convolution_overrideable", x, w, b, one, zero, one, false, zero, 1));
    }

    [Fact]
    public void Places_and_gradients()
    {
        Assert.Equal<double[]>([[0, 1], [1, 0]], [.. Many("aten::nonzero_numpy", Matrix(2, 0, 5, 7, 0)).Select(Numbers)]);
        AssertNear([0.25, 0.5, 0.75, 0.75], Many("aten::gradient.scalarrayint", Vector(1, 1.5f, 3, 4.5f), new[] { 2.0 }, 0)[0]);
        // Steps of 1 and 1.5: the inner slope weighs the neighbours' slopes 1 and 2 by the other step.
        AssertNear([1, ((1.5 * 1) + (1 * 2)) / 2.5, 2], Many("aten::gradient.tensorarrayint", Vector(1, 2, 5), new[] { Vector(0, 1, 2.5f) }, 0)[0]);
        Assert.Equal<int>([2, 3], One("aten::new_empty_strided", Count(1), new long[] { 2, 3 }, new long[] { 3, 1 }).Sizes.ToArray());
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("relu")]
    public void Recurrent_layers(string activation)
    {
        double Activate(double v) => activation == "tanh" ? Math.Tanh(v) : Math.Max(0, v);
        var found = Many($"aten::rnn_{activation}.input", Tensor.From<float>([0.5f, -0.25f], 2, 1, 1), Tensor.From<float>([0.1f], 1, 1, 1), new[] { Matrix(1, 2), Matrix(1, 3) }, false, 1, 0.0, false, false, false);
        double first = Activate((0.5 * 2) + (0.1 * 3)), second = Activate((-0.25 * 2) + (first * 3));
        AssertNear([first, second], found[0]);
        AssertNear([second], found[1]);
    }

    [Fact]
    public void Embedding_bags()
    {
        var weight = Matrix(3, 1, 2, 3, 4, 5, 6);
        AssertNear([4, 6, 5, 6], One("aten::embedding_bag", weight, Longs(0, 1, 2), Longs(0, 2)));
        AssertNear([2, 3, 5, 6], One("aten::embedding_bag", weight, Longs(0, 1, 2), Longs(0, 2), false, 1));
        AssertNear([3, 4, 5, 6], One("aten::embedding_bag", weight, Longs(0, 1, 2), Longs(0, 2), false, 2));
    }

    [Fact]
    public void Recurrent_cells()
    {
        Tensor x = Matrix(1, 0.5f), h = Matrix(1, -0.25f), c = Matrix(1, 0.75f);
        double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
        double sum = (0.5 * 2) + (-0.25 * 3);
        AssertNear([Math.Tanh(sum)], One("aten::rnn_tanh_cell", x, h, Matrix(1, 2), Matrix(1, 3)));
        AssertNear([Math.Max(0, sum + 0.5)], One("aten::rnn_relu_cell", x, h, Matrix(1, 2), Matrix(1, 3), Vector(0.25f), Vector(0.25f)));
        float[] wi = [1, 2, 3, 4], wh = [0.5f, -1, 2, 1];
        double[] gates = [.. wi.Zip(wh, (a, b) => (0.5 * a) + (-0.25 * b))];
        double cell = (Sigmoid(gates[1]) * 0.75) + (Sigmoid(gates[0]) * Math.Tanh(gates[2]));
        var lstm = Many("aten::lstm_cell", x, new[] { h, c }, Matrix(4, wi), Matrix(4, wh));
        AssertNear([Sigmoid(gates[3]) * Math.Tanh(cell)], lstm[0]);
        AssertNear([cell], lstm[1]);
        double r = Sigmoid(gates[0]), z = Sigmoid(gates[1]), n = Math.Tanh((0.5 * wi[2]) + (r * -0.25 * wh[2]));
        AssertNear([((1 - z) * n) + (z * -0.25)], One("aten::gru_cell", x, h, Matrix(3, wi[..3]), Matrix(3, wh[..3])));
    }
}
