using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Short spellings of the ATen operators that importer rows are made of. Numbers beside a tensor become constants of its type.</summary>
internal sealed partial class Aten(FoldingBuilder builder)
{
    private const int MostElements = 1 << 24;

    private readonly Dictionary<(double, ScalarType), Value> numbers = [];
    private int symbols;

    public FoldingBuilder Builder => builder;

    public Value Call(string op, params Argument[] args) => builder.CallMany(op, args)[0];

    public Value[] CallMany(string op, params Argument[] args) => builder.CallMany(op, args);

    public Tensor? ConstantOf(Value value) => builder.ConstantOf(value);

    public Value Constant(Tensor tensor) => builder.Constant(tensor);

    public Value Constant(params long[] values) => builder.Constant(Tensor.From<long>(values, values.Length));

    public Value Floats(float[] values, params int[] sizes) => builder.Constant(Tensor.From<float>(values, sizes));

    public Value Longs(long[] values, params int[] sizes) => builder.Constant(Tensor.From<long>(values, sizes));

    /// <summary>The number of elements of a constant that an operator's sizes make necessary.</summary>
    /// <exception cref="InvalidOperationException">It is below 0 or above 2^24.</exception>
    public static int Count(long count) =>
        count is >= 0 and <= MostElements ? (int)count : throw new InvalidOperationException($"a constant of {count} elements is needed; at most {MostElements} are made");

    /// <summary>0, 1, … <paramref name="count"/> - 1.</summary>
    /// <exception cref="InvalidOperationException">See <see cref="Count"/>.</exception>
    public static long[] Indices(long count)
    {
        var indices = new long[Count(count)];
        for (int i = 0; i < indices.Length; i++)
            indices[i] = i;
        return indices;
    }

    /// <summary>A tensor of rank 0.</summary>
    public Value Number(double value, ScalarType type)
    {
        if (numbers.TryGetValue((value, type), out var known))
            return known;
        var tensor = Tensor.Empty(type, []);
        switch (type)
        {
            case ScalarType.Float: tensor.Span<float>()[0] = (float)value; break;
            case ScalarType.Double: tensor.Span<double>()[0] = value; break;
            case ScalarType.Half: tensor.Span<Half>()[0] = (Half)value; break;
            case ScalarType.BFloat16: tensor.Span<BFloat16>()[0] = (BFloat16)value; break;
            case ScalarType.Long: tensor.Span<long>()[0] = value >= long.MaxValue ? long.MaxValue : (long)value; break;
            case ScalarType.Int: tensor.Span<int>()[0] = (int)value; break;
            case ScalarType.Short: tensor.Span<short>()[0] = (short)value; break;
            case ScalarType.Char: tensor.Span<sbyte>()[0] = (sbyte)value; break;
            case ScalarType.Byte: tensor.Span<byte>()[0] = (byte)value; break;
            case ScalarType.Bool: tensor.Span<bool>()[0] = value != 0; break;
            default: throw new OnnxUnsupportedException($"a number of type {type.Name()}");
        }
        return numbers[(value, type)] = builder.Constant(tensor, "number");
    }

    /// <summary>A tensor filled with a number.</summary>
    public Value Full(double value, ScalarType type, params long[] sizes) => Expand(Number(value, type), sizes);

    public Value Number(double value, Value like) => Number(value, like.Spec.Type);

    public Value Add(Value a, Value b) => Call("aten::add.Tensor", a, b);
    public Value Add(Value a, double b) => b == 0 ? a : Add(a, Number(b, a));
    public Value Sub(Value a, Value b) => Call("aten::sub.Tensor", a, b);
    public Value Sub(Value a, double b) => b == 0 ? a : Sub(a, Number(b, a));
    public Value Mul(Value a, Value b) => Call("aten::mul.Tensor", a, b);
    public Value Mul(Value a, double b) => b == 1 ? a : Mul(a, Number(b, a));
    public Value Div(Value a, Value b) => Call("aten::div.Tensor", a, b);
    public Value Div(Value a, double b) => b == 1 ? a : Div(a, Number(b, a));
    public Value DivTrunc(Value a, Value b) => Call("aten::div.Tensor_mode", a, b, "trunc");
    public Value DivFloor(Value a, Value b) => Call("aten::div.Tensor_mode", a, b, "floor");
    public Value Pow(Value a, Value b) => Call("aten::pow.Tensor_Tensor", a, b);
    public Value Pow(Value a, double b) => Call("aten::pow.Tensor_Scalar", a, b);
    public Value Min(Value a, Value b) => Call("aten::minimum", a, b);
    public Value Max(Value a, Value b) => Call("aten::maximum", a, b);
    public Value Fmod(Value a, Value b) => Call("aten::fmod.Tensor", a, b);

    /// <summary>The remainder with the divisor's sign; the runtime's own operator takes the dividend's for integers.</summary>
    public Value Remainder(Value a, Value b) => a.Spec.Type.IsFloating() ? Call("aten::remainder.Tensor", a, b) : Sub(a, Mul(b, DivFloor(a, b)));

    /// <summary>Division with one rounding; the runtime multiplies by the reciprocal of a divisor that is a single number.</summary>
    public Value DivExactly(Value a, Value b) => Div(a, b.Spec.MaxNumel == 1 && a.Spec.MaxNumel != 1 ? Expand(b, a.Spec.Sizes) : b);

    /// <summary>The positions of elements other than zero [n, rank]; n is known at run time only.</summary>
    public Value NonZero(Value a)
    {
        if (ConstantOf(a) is not null)
            return Call("aten::nonzero", a);
        var count = new Dim(new SymExpr.Symbol($"nonzero{++symbols}", 0, a.Spec.MaxNumel));
        return builder.AddAs("aten::nonzero", [a], new TensorSpec(ScalarType.Long, count, a.Spec.Rank));
    }

    public Value Where(Value condition, Value a, Value b) => Call("aten::where.self", condition, a, b);
    public Value Where(Value condition, Value a, double b) => Where(condition, a, Number(b, a));
    public Value Where(Value condition, double a, Value b) => Where(condition, Number(a, b), b);
    public Value Eq(Value a, Value b) => Call("aten::eq.Tensor", a, b);
    public Value Eq(Value a, double b) => Eq(a, Number(b, a));
    public Value Ne(Value a, double b) => Call("aten::ne.Tensor", a, Number(b, a));
    public Value Lt(Value a, Value b) => Call("aten::lt.Tensor", a, b);
    public Value Lt(Value a, double b) => Lt(a, Number(b, a));
    public Value Le(Value a, Value b) => Call("aten::le.Tensor", a, b);
    public Value Le(Value a, double b) => Le(a, Number(b, a));
    public Value Gt(Value a, Value b) => Call("aten::gt.Tensor", a, b);
    public Value Gt(Value a, double b) => Gt(a, Number(b, a));
    public Value Ge(Value a, Value b) => Call("aten::ge.Tensor", a, b);
    public Value Ge(Value a, double b) => Ge(a, Number(b, a));
    public Value And(Value a, Value b) => Call("aten::logical_and", a, b);
    public Value Or(Value a, Value b) => Call("aten::logical_or", a, b);
    public Value Xor(Value a, Value b) => Call("aten::logical_xor", a, b);
    public Value Not(Value a) => Call("aten::logical_not", a);
    public Value Neg(Value a) => Call("aten::neg", a);
    public Value Abs(Value a) => Call("aten::abs", a);
    public Value Exp(Value a) => Call("aten::exp", a);
    public Value Log(Value a) => Call("aten::log", a);
    public Value Sqrt(Value a) => Call("aten::sqrt", a);
    public Value Rsqrt(Value a) => Call("aten::rsqrt", a);
    public Value Tanh(Value a) => Call("aten::tanh", a);
    public Value Sigmoid(Value a) => Call("aten::sigmoid", a);
    public Value Relu(Value a) => Call("aten::relu", a);
    public Value Floor(Value a) => Call("aten::floor", a);
    public Value Ceil(Value a) => Call("aten::ceil", a);
    public Value Round(Value a) => Call("aten::round", a);
    public Value Clamp(Value a, double min, double max) => Min(Max(a, Number(min, a)), Number(max, a));
    public Value ClampTo(Value a, double? min, double? max) => Call("aten::clamp", a, Bound(a, min), Bound(a, max));

    private static Argument Bound(Value a, double? bound) => bound is not { } b ? Argument.None : a.Spec.Type.IsFloating() ? (Argument)b : (Argument)(long)b;

    public Value Cast(Value a, ScalarType type) => a.Spec.Type == type ? a : Call("aten::_to_copy", a, type);

    /// <summary>Sums in the tensor's own type.</summary>
    public Value Sum(Value a, long[] dims, bool keep) => dims.Length == 0 ? a : Call("aten::sum.dim_IntList", a, dims, keep, a.Spec.Type);
    public Value Mean(Value a, long[] dims, bool keep) => dims.Length == 0 ? a : Call("aten::mean.dim", a, dims, keep);
    public Value Amax(Value a, long[] dims, bool keep) => dims.Length == 0 ? a : Call("aten::amax", a, dims, keep);
    public Value Amin(Value a, long[] dims, bool keep) => dims.Length == 0 ? a : Call("aten::amin", a, dims, keep);
    public Value Softmax(Value a, long dim) => Call("aten::_softmax", a, dim, false);
    public Value LogSoftmax(Value a, long dim) => Call("aten::_log_softmax", a, dim, false);
}
