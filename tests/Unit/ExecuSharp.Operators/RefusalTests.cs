using ExecuSharp.Core;
using static ExecuSharp.Tests.Unit.Operators.KernelCall;

namespace ExecuSharp.Tests.Unit.Operators;

/// <summary>Calls at which the official runtime ends the process.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData("aten::add.out", true)]
    [InlineData("aten::sub.out", true)]
    [InlineData("aten::mul.out", false)]
    [InlineData("aten::maximum.out", false)]
    [InlineData("aten::floor_divide.out", false)]
    [InlineData("aten::fmod.Tensor_out", false)]
    [InlineData("aten::remainder.Tensor_out", false)]
    [InlineData("aten::pow.Tensor_Tensor_out", false)]
    [InlineData("aten::eq.Tensor_out", false)]
    [InlineData("aten::le.Tensor_out", false)]
    [InlineData("aten::bitwise_and.Tensor_out", false)]
    [InlineData("aten::bitwise_left_shift.Tensor_out", false)]
    public void UnsignedTypesBesideOthers(string name, bool alpha)
    {
        foreach (var (a, b) in new[] { (ScalarType.UInt16, ScalarType.Float), (ScalarType.Float, ScalarType.UInt32), (ScalarType.UInt16, ScalarType.Int), (ScalarType.Long, ScalarType.UInt32) })
        {
            var left = Empty(a, 2, 3);
            var right = Empty(b, 2, 3);
            var output = Empty(ScalarType.Float, 2, 3);
            Throws(() => Run(name, alpha ? [left, right, EValue.Of(1L), output] : [left, right, output]));
        }
    }

    [Theory]
    [InlineData("aten::floor_divide.out", null)]
    [InlineData("aten::remainder.Tensor_out", null)]
    [InlineData("aten::div.out_mode", "trunc")]
    [InlineData("aten::div.out_mode", "floor")]
    public void SmallestIntegerByMinusOne(string name, string? mode)
    {
        EValue[] ints = [Ints(int.MinValue), Ints(-1), Empty(ScalarType.Int, 1)];
        EValue[] longs = [Longs(long.MinValue), Longs(-1), Empty(ScalarType.Long, 1)];
        foreach (var s in new[] { ints, longs })
            Throws(() => Run(name, mode is null ? s : [s[0], s[1], EValue.Of(mode), s[2]]));
    }

    [Fact]
    public void NumberThatBecomesZeroInTheType()
    {
        Throws(() => Run("aten::remainder.Scalar_out", Ints(7), EValue.Of(1L << 32), Empty(ScalarType.Int, 1)));
        Throws(() => Run("aten::div.Scalar_mode_out", Ints(7), EValue.Of(1L << 32), EValue.Of("floor"), Empty(ScalarType.Int, 1)));
    }

    [Fact]
    public void ReductionsOfNothing()
    {
        Throws(() => Run("aten::amax.out", Empty(ScalarType.Float, 0, 3), List(0), EValue.Of(true), Empty(ScalarType.Float, 1, 3)));
        Throws(() => Run("aten::amin.out", Empty(ScalarType.Float, 3, 0), List(1), EValue.Of(true), Empty(ScalarType.Float, 3, 1)));
        Throws(() => Run("aten::argmax.out", Empty(ScalarType.Float, 0), EValue.None(), EValue.Of(false), Empty(ScalarType.Long)));
        Throws(() => Run("aten::_log_softmax.out", Empty(ScalarType.Float, 0, 3), EValue.Of(0L), EValue.Of(false), Empty(ScalarType.Float, 0, 3)));
        Throws(() => Run("aten::sum.IntList_out", Empty(ScalarType.Float), List(0), EValue.Of(false), EValue.None(), Empty(ScalarType.Float)));
    }

    [Fact]
    public void ArgumentsWithoutMeaning()
    {
        Throws(() => Run("aten::arange.start_out", EValue.Of(0.0), EValue.Of(double.PositiveInfinity), EValue.Of(1.0), Empty(ScalarType.Float, 4)));
        Throws(() => Run("aten::gelu.out", Floats(1, 2), EValue.None(), Empty(ScalarType.Float, 2)));
        Throws(() => Run("aten::sym_size.int", Empty(ScalarType.Float, 2, 3), EValue.Of(-1L), EValue.None()));
        Throws(() => Run("aten::sym_size.int", Empty(ScalarType.Float, 2, 3), EValue.Of(2L), EValue.None()));
        Throws(() => Run("executorch_prim::floordiv.Scalar", EValue.Of(7L), EValue.Of(0L), EValue.None()));
        Throws(() => Run("executorch_prim::floordiv.int", EValue.Of(7.0), EValue.Of(2L), EValue.None()));
        Throws(() => Run("executorch_prim::mod.int", EValue.Of(true), EValue.Of(2L), EValue.None()));
        Throws(() => Run("executorch_prim::mod.Scalar", EValue.Of(7L), EValue.Of(0L), EValue.None()));
    }

    private static void Throws(Action call) => Assert.Throws<ExecuTorchException>(call);
}
