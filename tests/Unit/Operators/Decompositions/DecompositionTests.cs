using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Tests.Unit.Operators.Decompositions;

public sealed class DecompositionTests
{
    /// <summary>Values of the functions from tables (DLMF, Abramowitz and Stegun).</summary>
    [Theory]
    [InlineData("aten::lgamma", 0.5, 0.5723649429)]
    [InlineData("aten::lgamma", 10, 12.8018274801)]
    [InlineData("aten::lgamma", -0.5, 1.2655121235)]
    [InlineData("aten::lgamma", -3, double.PositiveInfinity)]
    [InlineData("aten::digamma", 1, -0.5772156649)]
    [InlineData("aten::digamma", -0.5, 0.0364899740)]
    [InlineData("aten::erfinv", 0.5, 0.4769362762)]
    [InlineData("aten::erfinv", -1, double.NegativeInfinity)]
    [InlineData("aten::special_ndtri", 0.975, 1.9599639845)]
    [InlineData("aten::special_erfcx", 1, 0.4275835762)]
    [InlineData("aten::special_erfcx", -1, 5.0089800807)]
    [InlineData("aten::i0", 1, 1.2660658778)]
    [InlineData("aten::i0", -5, 27.2398718236)]
    [InlineData("aten::special_i1", 1, 0.5651591040)]
    [InlineData("aten::special_i1", -5, -24.3356421424)]
    [InlineData("aten::exp2", 3.5, 11.3137084990)]
    [InlineData("aten::mish", 1, 0.8650983882)]
    [InlineData("aten::sinc", 0.5, 0.6366197724)]
    [InlineData("aten::frac", -1.25, -0.25)]
    public void Functions_have_their_known_values(string op, double x, double expected)
    {
        double found = Run(b => b.Call(op, b.Constant(Tensor.From<float>([(float)x], 1))))[0];
        Assert.True(found == expected || Math.Abs(found - expected) <= 4e-6 * Math.Max(1, Math.Abs(expected)), $"{op}({x}) = {found}");
    }

    [Theory]
    [InlineData(1, 1.0, 1.6449340668)]
    [InlineData(2, 1.0, -2.4041138063)]
    [InlineData(1, 0.25, 17.1973291545)]
    public void Polygamma_has_its_known_values(int n, double x, double expected)
    {
        double found = Run(b => b.Call("aten::polygamma", n, b.Constant(Tensor.From<float>([(float)x], 1))))[0];
        Assert.True(Math.Abs(found - expected) <= 4e-6 * Math.Abs(expected), $"polygamma({n}, {x}) = {found}");
    }

    [Theory]
    [InlineData("linear", 2.2)]
    [InlineData("lower", 2)]
    [InlineData("higher", 3)]
    [InlineData("nearest", 2)]
    [InlineData("midpoint", 2.5)]
    public void Quantiles_lie_between_neighbours(string interpolation, double expected) =>
        Assert.Equal(expected, Run(b => b.Call("aten::quantile.scalar", b.Constant(Tensor.From<float>([4, 1, 3, 2], 4)), 0.4, 0, false, interpolation))[0], 5);

    [Fact]
    public void Quantiles_along_a_middle_dimension_come_first()
    {
        var x = Tensor.From<float>([.. Enumerable.Range(0, 24).Select(i => (float)i)], 2, 3, 4);
        var q = Tensor.From<float>([0f, 1f], 2);
        float[] found = Run(b => b.Call("aten::quantile", b.Constant(x), b.Constant(q), 1, false, "linear"));
        Assert.Equal([0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11, 20, 21, 22, 23], found);
    }

    [Fact]
    public void A_trapezoid_is_half_of_the_neighbours_sum() =>
        Assert.Equal([8f], Run(b => b.Call("aten::trapezoid.x", b.Constant(Tensor.From<float>([1, 2, 3], 3)), b.Constant(Tensor.From<float>([4, 6, 8], 3)))));

    [Fact]
    public void An_unpooled_maximum_returns_to_its_place()
    {
        var x = Tensor.From<float>([5, 7], 1, 1, 1, 2);
        var places = Tensor.From<long>([4, 3], 1, 1, 1, 2);
        Assert.Equal([0, 0, 0, 7, 5, 0, 0, 0], Run(b => b.Call("aten::max_unpool2d", b.Constant(x), b.Constant(places), (long[])[2, 4])));
    }

    [Fact]
    public void Every_row_has_a_kernel_or_a_decomposition_or_is_a_number()
    {
        var bare = OperatorTable.Default.Rows.Where(r => r.Kernel is null && r.Decompose is null).Select(r => r.Name);
        Assert.Empty(bare);
    }

    private static float[] Run(Func<IGraphBuilder, Value> call)
    {
        var builder = new GraphBuilder("forward");
        builder.Output(call(builder), "result");
        return GraphInterpreter.Run(builder.Build(), [], KernelContext.SingleThreaded())[0].AsTensor().Span<float>().ToArray();
    }
}
