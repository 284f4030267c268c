using ExecuSharp.Core;
using static ExecuSharp.Tests.Unit.Operators.Decompositions.OperatorRun;

namespace ExecuSharp.Tests.Unit.Operators.Decompositions;

/// <summary>Element-wise operators and losses against the formulas of PyTorch's documentation, in double precision.</summary>
public sealed class FormulaTests
{
    private static readonly float[] Points = [-3, -1.5f, -0.25f, 0, 0.25f, 1, 2.5f];
    private static readonly float[] Others = [2, -1, 0.5f, 3, -2, 1, 0.75f];

    [Fact]
    public void Functions_of_one_number()
    {
        Check("deg2rad", x => x * Math.PI / 180);
        Check("rad2deg", x => x * 180 / Math.PI);
        Check("sgn", x => Math.Sign(x));
        Check("signbit", x => x < 0 ? 1 : 0);
        Check("isneginf", x => double.IsNegativeInfinity(x) ? 1 : 0);
        Check("isposinf", x => double.IsPositiveInfinity(x) ? 1 : 0);
        Check("isreal", _ => 1);
        Check("selu", x => 1.0507009873554804934193349852946 * (x > 0 ? x : 1.6732632423543772848170429916717 * (Math.Exp(x) - 1)));
        Check("celu", x => Math.Max(0, x) + Math.Min(0, 1.5 * (Math.Exp(x / 1.5) - 1)), 1.5);
        Check("softsign", x => x / (1 + Math.Abs(x)));
        Check("tanhshrink", x => x - Math.Tanh(x));
        Check("logsigmoid", x => -Math.Log(1 + Math.Exp(-x)));
        Check("log_sigmoid_forward", x => -Math.Log(1 + Math.Exp(-x)));
        Check("rrelu", x => x >= 0 ? x : x * (0.125 + 0.375) / 2, 0.125, 0.375);
        Check("xlogy.Scalar_Other", x => x * Math.Log(2), 2.0);
        Check("float_power.Tensor_Scalar", x => x * x * x, 3.0);
        Check("copysign.Scalar", x => -Math.Abs(x), -2.0);
        Check("clamp_max", x => Math.Min(x, 0.5), 0.5);
        Check("alpha_dropout", x => x, 0.5, false);
        Check("feature_alpha_dropout", x => x, 0.5, false);
        Check("feature_dropout", x => x, 0.5, false);
        Check("_prelu_kernel", x => x > 0 ? x : 0.25 * x, Vector(0.25f));
        Check("floor_divide.Scalar", x => Math.Floor(x / 0.75), 0.75);
        AssertNear([0.5, 0.1586552539, 0.9772498681], One("aten::special_ndtr", Vector(0, -1, 2)));
        AssertNear([-0.6931471806, -1.8410216450, -0.0230129093], One("aten::special_log_ndtr", Vector(0, -1, 2)));
        AssertNear([1, 0.5, 0.25], One("aten::float_power.Scalar", 0.5, Vector(0, 1, 2)));
        AssertNear([1, 0, 0, 0], One("aten::isposinf", Vector(float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1)));
        AssertNear([0, 1, 0, 0], One("aten::isneginf", Vector(float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1)));
    }

    [Fact]
    public void Functions_of_two_numbers()
    {
        Check("hypot", (a, b) => Math.Sqrt((a * a) + (b * b)));
        Check("heaviside", (a, b) => a == 0 ? b : a > 0 ? 1 : 0);
        Check("ldexp.Tensor", (a, b) => a * Math.Pow(2, b));
        Check("logaddexp", (a, b) => Math.Log(Math.Exp(a) + Math.Exp(b)));
        Check("logaddexp2", (a, b) => Math.Log2(Math.Pow(2, a) + Math.Pow(2, b)));
        Check("lerp.Scalar", (a, b) => a + (0.3 * (b - a)), 0.3);
        AssertNear([4, 0.5, 1], One("aten::float_power.Tensor_Tensor", Vector(2, 4, 7), Vector(2, -0.5f, 0)));
        var condition = Tensor.From<byte>([1, 0, 1], 3);
        condition = One("aten::to.dtype", condition, ScalarType.Bool);
        AssertNear([1.5, -2, 1.5], One("aten::where.Scalar", condition, 1.5, -2.0));
        AssertNear([4, -2, 6], One("aten::where.ScalarOther", condition, Vector(4, 5, 6), -2.0));
        AssertNear([1.5, 5, 1.5], One("aten::where.ScalarSelf", condition, 1.5, Vector(4, 5, 6)));
        AssertNear([-0.5, 2, -1], One("aten::prelu", Vector(-2, 2, -4), Vector(0.25f)));
        AssertNear([1, 0, 1], One("aten::isin.Tensor_Tensor", Longs(3, 4, 5), Longs(5, 3)));
    }

    [Theory]
    [InlineData("__and__", 4, 1, 0, 4)]
    [InlineData("__or__", 6, 7, 14, 5)]
    [InlineData("__xor__", 2, 6, 14, 1)]
    public void Bits(string op, long first, long second, long third, long fourth)
    {
        long[] values = op switch { "__and__" => [6, 5, 10, 4], "__or__" => [2, 3, 10, 1], _ => [6, 2, 10, 5] };
        AssertNear([first, op == "__and__" ? 4 : second, third, fourth], One($"aten::{op}.Scalar", Longs(values), 4));
        var both = Numbers(One($"aten::{op}.Tensor", Longs(values), Longs(4, 4, 4, 4)));
        Assert.Equal([first, op == "__and__" ? 4 : second, third, fourth], both);
    }

    [Fact]
    public void Shifts()
    {
        AssertNear([12, 20], One("aten::__lshift__.Scalar", Longs(3, 5), 2));
        AssertNear([12, 10], One("aten::__lshift__.Tensor", Longs(3, 5), Longs(2, 1)));
        AssertNear([3, 5], One("aten::__rshift__.Scalar", Longs(12, 20), 2));
        AssertNear([3, 10], One("aten::__rshift__.Tensor", Longs(12, 20), Longs(2, 1)));
    }

    [Fact]
    public void Sums_of_codes()
    {
        // Codes of a with step 0.5 and zero 2, of b with step 0.25 and zero -1; the result has step 0.4 and zero 3, bounds -10 to 10.
        sbyte[] a = [2, 4, 10, -8], b = [-1, 3, 7, 9];
        double[] expected = [.. a.Zip(b, (x, y) => Math.Clamp(Math.Round((((x - 2) * 0.5) + ((y + 1) * 0.25)) / 0.4) + 3, -10, 10))];
        var found = One("quantized_decomposed::add", Tensor.From<sbyte>(a, 4), 0.5, 2, -128, 127, Tensor.From<sbyte>(b, 4), 0.25, -1, -128, 127, 0.4, 3, -10, 10);
        Assert.Equal(expected, found.Span<sbyte>().ToArray().Select(v => (double)v));
    }

    [Fact]
    public void Normalization_and_gradients()
    {
        Tensor x = Tensor.From<float>([1, 2, 3, 4], 2, 2, 1), w = Vector(2, 3), b = Vector(1, -1), mean = Vector(2, 3), var = Vector(4, 1);
        double[] expected = [((1 - 2) / Math.Sqrt(4.5) * 2) + 1, ((2 - 3) / Math.Sqrt(1.5) * 3) - 1, ((3 - 2) / Math.Sqrt(4.5) * 2) + 1, ((4 - 3) / Math.Sqrt(1.5) * 3) - 1];
        AssertNear(expected, One("aten::native_batch_norm", x, w, b, mean, var, false, 0.1, 0.5));
        AssertNear(expected, One("aten::_batch_norm_no_update", x, w, b, mean, var, 0.1, 0.5));
        double[] p = [0.25, 0.75], g = [1, 3];
        AssertNear([.. g.Select((v, i) => v - (p[i] * 4))], One("aten::_log_softmax_backward_data", Vector(1, 3), Vector((float)Math.Log(0.25), (float)Math.Log(0.75)), 0, ScalarType.Float));
    }

    [Fact]
    public void Losses_of_two_tensors()
    {
        float[] p = [0.2f, 0.7f, 0.9f], t = [0, 1, 0.5f];
        Loss("l1_loss", p, t, (a, b) => Math.Abs(a - b));
        Loss("mse_loss", p, t, (a, b) => (a - b) * (a - b));
        Loss("smooth_l1_loss", p, t, (a, b) => Math.Abs(a - b) < 0.3 ? 0.5 * (a - b) * (a - b) / 0.3 : Math.Abs(a - b) - 0.15, 0.3);
        Loss("huber_loss", p, t, (a, b) => Math.Abs(a - b) <= 0.3 ? 0.5 * (a - b) * (a - b) : 0.3 * (Math.Abs(a - b) - 0.15), 0.3);
        Loss("soft_margin_loss", p, [1, -1, 1], (a, b) => Math.Log(1 + Math.Exp(-b * a)));
        Loss("kl_div", [-1, -0.5f, -2], p, (a, b) => b * (Math.Log(b) - a));
        double[] entropy = [.. p.Zip(t, (a, b) => -((b * Math.Log(a)) + ((1 - b) * Math.Log(1 - a))))];
        AssertNear([entropy.Average()], One("aten::binary_cross_entropy", Vector(p), Vector(t)), 1e-5);
        double[] logits = [.. p.Zip(t, (a, b) => ((1 - b) * a) + Math.Log(1 + Math.Exp(-a)))];
        AssertNear([logits.Sum()], One("aten::binary_cross_entropy_with_logits", Vector(p), Vector(t), null, null, 2));
        AssertNear([0.2, 0.3, 0.1], One("aten::hinge_embedding_loss", Vector(0.2f, 0.7f, 0.1f), Vector(1, -1, 1), 1.0, 0));
        AssertNear([0, 2.5, 0.5], One("aten::margin_ranking_loss", Vector(3, 1, 2), Vector(1, 3, 2), Vector(1, 1, -1), 0.5, 0));
        AssertNear([Math.Exp(0.2) - 0, Math.Exp(0.7) - 0.7, Math.Exp(0.9) - (0.5 * 0.9)], One("aten::poisson_nll_loss", Vector(p), Vector(t), true, false, 1e-8, 0));
    }

    [Fact]
    public void Losses_of_vectors_and_classes()
    {
        var logs = Matrix(2, -0.1f, -2, -3, -4, -0.2f, -5);
        AssertNear([(2 + 0.2) / 2], One("aten::nll_loss", logs, Longs(1, 1)));
        AssertNear([2, 0.2], One("aten::nll_loss_nd", logs, Longs(1, 1), null, 0));
        AssertNear([(1 * 0.1 + 3 * 5) / 4], One("aten::nll_loss", logs, Longs(0, 2), Vector(1, 2, 3)));
        var a = Matrix(1, 3, 4);
        double cosine = ((3 * 1) + (4 * 2)) / (5 * Math.Sqrt(5));
        AssertNear([1 - cosine], One("aten::cosine_embedding_loss", a, Matrix(1, 1, 2), Vector(1)));
        AssertNear([cosine - 0.25], One("aten::cosine_embedding_loss", a, Matrix(1, 1, 2), Vector(-1), 0.25));
        AssertNear([5 + 1 - Math.Sqrt(8)], One("aten::triplet_margin_loss", a, Matrix(1, 0, 0), Matrix(1, 1, 2)), 1e-5);
    }

    private static void Check(string op, Func<double, double> formula, params object?[] rest) =>
        AssertNear([.. Points.Select(x => formula(x))], One("aten::" + op, [Vector(Points), .. rest]));

    private static void Check(string op, Func<double, double, double> formula, params object?[] rest) =>
        AssertNear([.. Points.Zip(Others, (a, b) => formula(a, b))], One("aten::" + op, [Vector(Points), Vector(Others), .. rest]), 1e-5);

    private static void Loss(string op, float[] input, float[] target, Func<double, double, double> formula, params object?[] rest)
    {
        double[] each = [.. input.Zip(target, (a, b) => formula(a, b))];
        AssertNear(each, One("aten::" + op, [Vector(input), Vector(target), 0, .. rest]));
        AssertNear([each.Average()], One("aten::" + op, [Vector(input), Vector(target), 1, .. rest]));
        AssertNear([each.Sum()], One("aten::" + op, [Vector(input), Vector(target), 2, .. rest]));
    }
}
