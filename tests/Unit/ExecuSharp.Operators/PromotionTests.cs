using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Tests.Unit.Operators;

/// <summary>Compile-time types and sizes, as PyTorch gives them.</summary>
public class PromotionTests
{
    [Theory]
    [InlineData(ScalarType.Int, 2, ScalarType.Long, 0, ScalarType.Int)]
    [InlineData(ScalarType.Int, 2, ScalarType.Float, 0, ScalarType.Float)]
    [InlineData(ScalarType.Half, 1, ScalarType.Float, 0, ScalarType.Half)]
    [InlineData(ScalarType.Half, 1, ScalarType.Double, 0, ScalarType.Half)]
    [InlineData(ScalarType.Half, 1, ScalarType.BFloat16, 1, ScalarType.Float)]
    [InlineData(ScalarType.Byte, 1, ScalarType.Char, 1, ScalarType.Short)]
    [InlineData(ScalarType.Bool, 1, ScalarType.Long, 0, ScalarType.Long)]
    [InlineData(ScalarType.Int, 0, ScalarType.Long, 0, ScalarType.Long)]
    public void TensorsOfDifferentRank(ScalarType a, int rankA, ScalarType b, int rankB, ScalarType expected) =>
        Assert.Equal(expected, Shape("aten::add.Tensor", Value(a, rankA), Value(b, rankB), 1).Type);

    [Fact]
    public void NumbersAreWrapped()
    {
        Assert.Equal(ScalarType.Int, Shape("aten::add.Scalar", Value(ScalarType.Int, 1), 2, 1).Type);
        Assert.Equal(ScalarType.Float, Shape("aten::add.Scalar", Value(ScalarType.Int, 1), 2.5, 1).Type);
        Assert.Equal(ScalarType.Half, Shape("aten::mul.Scalar", Value(ScalarType.Half, 0), 2.5).Type);
        Assert.Equal(ScalarType.Long, Shape("aten::mul.Scalar", Value(ScalarType.Bool, 1), 2).Type);
        Assert.Equal(ScalarType.Double, Shape("aten::pow.Scalar", 2, Value(ScalarType.Double, 1)).Type);
        Assert.Equal(ScalarType.Float, Shape("aten::div.Tensor", Value(ScalarType.Long, 1), Value(ScalarType.Int, 1)).Type);
        Assert.Equal(ScalarType.Bool, Shape("aten::lt.Scalar", Value(ScalarType.Int, 1), 2.5).Type);
        Assert.Equal(ScalarType.Float, Shape("aten::clamp", Value(ScalarType.Int, 1), 0.5, Argument.None).Type);
    }

    [Fact]
    public void SizesBroadcastAndReduce()
    {
        var batch = new SymExpr.Symbol("n", 1, 8);
        var x = new Value("x", new TensorSpec(ScalarType.Float, new Dim(batch), 3, 4));
        var y = new Value("y", new TensorSpec(ScalarType.Float, 3, 1));
        var sum = Shape("aten::add.Tensor", x, y, 1);
        Assert.Equal([new Dim(batch), 3, 4], sum.Sizes);
        Assert.Equal([new Dim(batch), 4], Shape("aten::amax", x, new long[] { 1 }, false).Sizes);
        Assert.Equal([new Dim(batch), 1, 1], Shape("aten::mean.dim", x, new long[] { -1, -2 }, true, Argument.None).Sizes);
        Assert.Throws<InvalidOperationException>(() => Shape("aten::add.Tensor", x, new Value("z", new TensorSpec(ScalarType.Float, 5)), 1));
    }

    private static TensorSpec Shape(string name, params Argument[] args) => OperatorTable.Default.Find(name)!.Shape!(args)[0];

    private static Value Value(ScalarType type, int rank) => new("v", TensorSpec.Of(type, Enumerable.Repeat(2, rank).ToArray()));
}
