using ExecuSharp.Core;
using static ExecuSharp.Tests.Unit.Operators.Decompositions.OperatorRun;

namespace ExecuSharp.Tests.Unit.Operators.Decompositions;

/// <summary>Operators that PyTorch documents as another one under a second name.</summary>
public sealed class AliasTests
{
    [Theory]
    [InlineData("absolute", "abs")]
    [InlineData("arccos", "acos")]
    [InlineData("arcsin", "asin")]
    [InlineData("arcsinh", "asinh")]
    [InlineData("arctan", "atan")]
    [InlineData("arctanh", "atanh")]
    [InlineData("negative", "neg")]
    [InlineData("fix", "trunc")]
    [InlineData("special_digamma", "digamma")]
    [InlineData("special_psi", "digamma")]
    [InlineData("special_erf", "erf")]
    [InlineData("special_erfc", "erfc")]
    [InlineData("special_erfinv", "erfinv")]
    [InlineData("special_exp2", "exp2")]
    [InlineData("special_expit", "sigmoid")]
    [InlineData("special_expm1", "expm1")]
    [InlineData("special_gammaln", "lgamma")]
    [InlineData("special_i0", "i0")]
    [InlineData("special_log1p", "log1p")]
    [InlineData("special_logit", "logit")]
    [InlineData("special_sinc", "sinc")]
    [InlineData("special_round", "round")]
    [InlineData("adjoint", "t")]
    [InlineData("resolve_conj", "clone")]
    [InlineData("resolve_neg", "clone")]
    [InlineData("lift", "clone")]
    [InlineData("lift_fresh", "clone")]
    [InlineData("cpu", "clone")]
    [InlineData("cuda", "clone")]
    public void Of_one_tensor(string alias, string op) => AssertSame(alias, op, Matrix(2, 0.1f, -0.4f, 0.9f, 0.25f, -0.75f, 0.5f));

    [Theory]
    [InlineData("arctan2", "atan2")]
    [InlineData("divide.Tensor", "div.Tensor")]
    [InlineData("multiply.Tensor", "mul.Tensor")]
    [InlineData("subtract.Tensor", "sub.Tensor")]
    [InlineData("greater.Tensor", "gt.Tensor")]
    [InlineData("greater_equal.Tensor", "ge.Tensor")]
    [InlineData("less.Tensor", "lt.Tensor")]
    [InlineData("less_equal.Tensor", "le.Tensor")]
    [InlineData("not_equal.Tensor", "ne.Tensor")]
    [InlineData("special_xlogy", "xlogy.Tensor")]
    public void Of_two_tensors(string alias, string op) => AssertSame(alias, op, Vector(1, 2, -3, 0), Vector(2, 2, 0.5f, 4));

    [Theory]
    [InlineData("greater.Scalar", "gt.Scalar")]
    [InlineData("greater_equal.Scalar", "ge.Scalar")]
    [InlineData("less.Scalar", "lt.Scalar")]
    [InlineData("less_equal.Scalar", "le.Scalar")]
    [InlineData("not_equal.Scalar", "ne.Scalar")]
    [InlineData("true_divide.Scalar", "div.Scalar")]
    public void Of_a_tensor_and_a_number(string alias, string op) => AssertSame(alias, op, Vector(-1, 2, 5), 2.0);

    [Fact]
    public void Of_several_arguments()
    {
        var x = Matrix(2, 4, -1, 2, 7, 3, 5);
        var square = Matrix(2, 4, 1, 2, 3);
        AssertSame("arccosh", "acosh", Vector(1, 2, 30));
        AssertSame("clip", "clamp", x, -0.5, 4.0);
        AssertSame("clip.Tensor", "clamp.Tensor", x, Vector(0, 0, 4), Vector(3, 3, 9));
        AssertSame("concat", "cat", new[] { x, x }, 1);
        AssertSame("concatenate", "cat", new[] { x, x }, 0);
        AssertSame("special_log_softmax", "log_softmax.int", x, 1);
        AssertSame("special_softmax", "softmax.int", x, 1);
        AssertSame("special_logsumexp", "logsumexp", x, new long[] { 0 });
        AssertSame("special_multigammaln", "mvlgamma", Vector(3, 4), 2);
        AssertSame("special_polygamma", "polygamma", 1, Vector(0.5f, 2));
        AssertSame("linalg_det", "det", square);
        AssertSame("linalg_slogdet", "slogdet", square);
        AssertSame("linalg_matmul", "matmul", square, x);
        AssertSame("linalg_matrix_power", "matrix_power", square, 3);
        AssertSame("linalg_diagonal", "diagonal", square);
        AssertSame("ger", "outer", Vector(1, 2), Vector(3, 4));
        AssertSame("moveaxis.int", "movedim.int", Count(2, 3, 4), 0, 2);
        AssertSame("moveaxis.intlist", "movedim.intlist", Count(2, 3, 4), new long[] { 0, 1 }, new long[] { 2, 0 });
        AssertSame("swapaxes", "transpose.int", Count(2, 3, 4), 0, 2);
        AssertSame("swapdims", "transpose.int", Count(2, 3, 4), 1, 2);
        AssertSame("trapz.x", "trapezoid.x", Vector(1, 4, 2), Vector(0, 1, 3));
        AssertSame("trapz.dx", "trapezoid.dx", Vector(1, 4, 2), 0.5);
        AssertSame("_unsafe_view", "view", x, new long[] { 3, 2 });
        AssertSame("vdot", "dot", Vector(1, 2, 3), Vector(4, 5, 6));
        AssertSame("broadcast_to", "expand", Matrix(2, 1, 2), new long[] { 2, 3 });
        AssertSame("_unsafe_index.Tensor", "index.Tensor", x, new[] { Longs(1, 0, 1) });
        AssertSame("_reshape_alias", "view", x, new long[] { 3, 2 }, new long[] { 2, 1 });
        AssertSame("masked_index", "masked_select", x, One("aten::gt.Scalar", x, 2.5));
        AssertSame("_unsafe_index_put", "index_put", x, new[] { Longs(1) }, Vector(7, 8, 9));
        AssertSame("special_zeta.other_scalar", "special_zeta", Vector(2, 3), 1.5);
        AssertSame("special_zeta.self_scalar", "special_zeta", 2.0, Vector(1, 2.5f));
        AssertSame("type_as", "to.dtype", x, Longs(1));
        AssertSame("to.other", "to.dtype", x, Longs(1));
        AssertSame("to.prim_dtype", "to.dtype", x, (int)ScalarType.Long);
        AssertSame("to.prim_Device", "to.dtype", x, null, (int)ScalarType.Long);
        AssertSame("frobenius_norm.dim", "norm.ScalarOpt_dim", x, new long[] { 1 });
    }

    private static void AssertSame(string alias, string op, params object?[] args)
    {
        object?[] baseArgs = op switch
        {
            "norm.ScalarOpt_dim" => [args[0], 2.0, .. args[1..]],
            "to.dtype" => [args[0], ScalarType.Long],
            "view" => args[..2],
            "special_zeta" => [.. args.Select(a => a is double d ? Vector((float)d) : a)],
            _ => args,
        };
        var found = Many("aten::" + alias, args);
        var expected = Many("aten::" + op, baseArgs);
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal<int>(expected[i].Sizes.ToArray(), found[i].Sizes.ToArray());
            Assert.Equal(expected[i].Type, found[i].Type);
            Assert.Equal(Numbers(expected[i]), Numbers(found[i]));
        }
    }
}
