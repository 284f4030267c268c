using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;

namespace ExecuSharp.Tests.Conformance.Operators;

/// <summary>
/// Compares the outputs of a case with the recorded ones, as sharply as the recorded set's README says: exact unless the operator rounds more than once.
/// </summary>
/// <param name="name">The operator.</param>
/// <param name="c">The case.</param>
/// <param name="inputs">Its inputs.</param>
/// <param name="outputs">What was computed.</param>
/// <param name="rerun">Runs the same method on other inputs; reductions need the sum of absolute values.</param>
public sealed class CaseTolerance(string name, OperatorCase c, IReadOnlyList<BundledValue> inputs, EValue[] outputs, Func<IReadOnlyList<BundledValue>, EValue[]> rerun)
{
    private readonly ToleranceKind kind = ToleranceKinds.Of(name);
    private readonly EValue[] kept = [.. outputs];
    private EValue[]? magnitudes;

    /// <summary>The first difference, or null.</summary>
    public string? Compare(IReadOnlyList<BundledValue> expected)
    {
        if (kept.Length != expected.Count)
            return $"{kept.Length} outputs, {expected.Count} expected";
        for (int i = 0; i < kept.Length; i++)
            if (Compare(i, kept[i], expected[i]) is { } difference)
                return $"output {i}: {difference}";
        return null;
    }

    private string? Compare(int output, EValue found, BundledValue expected) => expected switch
    {
        BundledValue.TensorValue t => found.Tag == Tag.Tensor ? Compare(output, found.AsTensor(), t.ToTensor()) : $"{found}, a tensor expected",
        BundledValue.IntValue i => found.Tag == Tag.Int && found.AsInt() == i.Value ? null : $"{found}, {i.Value} expected",
        BundledValue.BoolValue b => found.Tag == Tag.Bool && found.AsBool() == b.Value ? null : $"{found}, {b.Value} expected",
        BundledValue.DoubleValue d => found.Tag == Tag.Double && found.AsDouble().Equals(d.Value) ? null : $"{found}, {d.Value:R} expected",
        _ => $"{found}, {expected} expected",
    };

    private string? Compare(int output, Tensor found, Tensor expected)
    {
        if (found.Type != expected.Type || !found.Sizes.SequenceEqual(expected.Sizes))
            return $"{found}, {expected} expected";
        if (!Order(found).SequenceEqual(Order(expected)) && found.Numel > 1)
            return $"dim order [{string.Join(", ", found.DimOrder.ToArray())}], [{string.Join(", ", expected.DimOrder.ToArray())}] expected";
        if (c.ShapeOnly)
            return null;
        if (expected.Type is ScalarType.ComplexFloat or ScalarType.ComplexDouble)
            (found, expected) = (Parts(found), Parts(expected));
        if (!expected.Type.IsFloating())
            return CompareIntegers(output, found, expected);
        int differing = 0;
        string? first = null;
        for (int i = 0; i < expected.Numel; i++)
        {
            double x = Number(found, i), y = Number(expected, i);
            if (Same(x, y) || (x != y && Math.Abs(x - y) <= Allowed(output, expected.Type, i, y, expected.Numel)))
                continue;
            differing++;
            first ??= $"[{i}] is {x:R}, {y:R} expected (off by {Math.Abs(x - y) / Ulp(expected.Type, y):g4} ulp, {Math.Abs(x - y):g3})";
        }
        return differing == 0 ? null : $"{first}, {differing} of {expected.Numel} {expected.Type} differ";
    }

    /// <summary>Real and imaginary parts one after the other.</summary>
    private static Tensor Parts(Tensor complex) =>
        new(complex.Type == ScalarType.ComplexFloat ? ScalarType.Float : ScalarType.Double, [(int)complex.Numel * 2], complex.Bytes.ToArray());

    /// <summary>The dim order without dimensions of size 1, whose place says nothing.</summary>
    private static IEnumerable<byte> Order(Tensor tensor) => tensor.DimOrder.ToArray().Where(d => tensor.Sizes[d] != 1);

    private string? CompareIntegers(int output, Tensor found, Tensor expected)
    {
        if (found.Bytes.SequenceEqual(expected.Bytes))
            return null;
        for (int i = 0; i < expected.Numel; i++)
        {
            double x = Number(found, i), y = Number(expected, i);
            double allowed = kind == ToleranceKind.Sum && expected.Type == ScalarType.Long ? Allowed(output, ScalarType.Float, i, y, expected.Numel) : 0;
            if (Math.Abs(x - y) > Math.Max(allowed, c.Atol ?? 0))
                return $"[{i}] is {x:R}, {y:R} expected ({expected})";
        }
        return null;
    }

    private bool Same(double x, double y) =>
        x == y ? x != 0 || double.IsNegative(x) == double.IsNegative(y) || !ToleranceKinds.IsExact(kind) : double.IsNaN(x) && double.IsNaN(y);

    private double Allowed(int output, ScalarType type, int index, double expected, long numel)
    {
        if (double.IsInfinity(expected) || double.IsNaN(expected))
            return -1;
        double own = (c.Atol ?? 0) + ((c.Rtol ?? 0) * Math.Abs(expected)) + (c.Atol is null ? 0 : c.DistanceToEager);
        if (type == ScalarType.Double && kind == ToleranceKind.Transcendental && ComputesInFloat())
            type = ScalarType.Float;
        double rule = kind switch
        {
            ToleranceKind.Exact => type.IsReducedFloating() ? Ulp(type, expected) : 0,
            ToleranceKind.Copy => 0,
            ToleranceKind.Transcendental => type.IsReducedFloating() ? Ulp(type, expected) : Math.Max(4 * Ulp(type, expected), 1e-37),
            ToleranceKind.Gelu => type.IsReducedFloating()
                ? (Input(index) > -1 ? Ulp(type, expected) : 1e-3)
                : Math.Max(1e-6, Input(index) > -1 ? 4 * Ulp(type, expected) : 0),
            ToleranceKind.Logit => Math.Max(1e-7, 4 * Ulp(type, expected)),
            ToleranceKind.Softmax => type.IsReducedFloating() ? Ulp(type, expected) : Math.Max(64 * Ulp(type, expected), type == ScalarType.Float ? 1e-6 : 0),
            ToleranceKind.Sum => SumTolerance(output, type, index, expected, numel),
            ToleranceKind.Product => (2 * Count(numel) * Epsilon(type) * Math.Abs(expected)) + (type.IsReducedFloating() ? Ulp(type, expected) : 0),
            ToleranceKind.Products => (Terms() * Epsilon(type) * Magnitude(output, index)) + Ulp(type, expected),
            ToleranceKind.Transform => Terms() * Epsilon(type) * Largest(),
            ToleranceKind.Variance when output == 1 => SumTolerance(output, type, index, expected, numel),
            ToleranceKind.Variance => type.IsReducedFloating() ? 0.3 * Math.Abs(expected) : 2 * Count(numel) * Epsilon(type) * Math.Abs(expected),
            _ => Math.Max(16 * Epsilon(type) * Largest(), 16 * Ulp(type, expected)),
        };
        return Math.Max(own, rule);
    }

    /// <summary>Without a Double operand, a Double output holds a float32 result; only exp computes in the output's type.</summary>
    private bool ComputesInFloat() =>
        name != "aten::exp.out" && !inputs.OfType<BundledValue.TensorValue>().Any(t => t.Type == ScalarType.Double);

    private double SumTolerance(int output, ScalarType type, int index, double expected, long numel)
    {
        double magnitude = Magnitude(output, index);
        double epsilon = name.Contains("cumsum", StringComparison.Ordinal) ? Epsilon(type) : Math.Max(Epsilon(ScalarType.Float), 0);
        if (type == ScalarType.Double && !name.Contains("sum.IntList", StringComparison.Ordinal))
            epsilon = Epsilon(ScalarType.Double);
        return (Count(numel) * epsilon * magnitude) + (type.IsReducedFloating() ? Ulp(type, expected) : 0);
    }

    /// <summary>The same output for the absolute values of the inputs: the sum of the terms' absolute values.</summary>
    private double Magnitude(int output, int index)
    {
        magnitudes ??= rerun([.. inputs.Select(Absolute)]);
        return Number(magnitudes[output].AsTensor(), index);
    }

    /// <summary>Products that go into one result.</summary>
    private double Terms()
    {
        var tensors = inputs.OfType<BundledValue.TensorValue>().ToList();
        if (name.Contains("convolution", StringComparison.Ordinal) || kind == ToleranceKind.Transform)
            return tensors.Max(t => t.Sizes.Aggregate(1.0, (n, s) => n * s) / Math.Max(t.Sizes.FirstOrDefault(1), 1));
        return tensors[name.Contains("addmm", StringComparison.Ordinal) ? 1 : 0].Sizes.LastOrDefault(1);
    }

    /// <summary>Elements that go into one result.</summary>
    private double Count(long numel)
    {
        var input = inputs.OfType<BundledValue.TensorValue>().First();
        double all = input.Sizes.Aggregate(1.0, (n, s) => n * s);
        return name.Contains("cumsum", StringComparison.Ordinal) ? input.Sizes.DefaultIfEmpty(1).Max() : Math.Max(all / Math.Max(numel, 1), 1);
    }

    private double Input(int index) => inputs[0] is BundledValue.TensorValue t ? Number(t.ToTensor(), index) : 0;

    private double Largest() => inputs.OfType<BundledValue.TensorValue>().SelectMany(t =>
    {
        var tensor = t.ToTensor();
        return Enumerable.Range(0, (int)tensor.Numel).Select(i => Math.Abs(Number(tensor, i)));
    }).Where(double.IsFinite).DefaultIfEmpty(0).Max();

    private static BundledValue Absolute(BundledValue value)
    {
        if (value is not BundledValue.TensorValue t)
            return value;
        byte[] bytes = t.Data.ToArray();
        switch (t.Type)
        {
            case ScalarType.Float:
            case ScalarType.Double:
            case ScalarType.Half:
            case ScalarType.BFloat16:
                for (int i = t.Type.SizeOf() - 1; i < bytes.Length; i += t.Type.SizeOf())
                    bytes[i] &= 0x7F;
                break;
            case ScalarType.Char:
                foreach (ref sbyte v in MemoryMarshal.Cast<byte, sbyte>(bytes.AsSpan()))
                    v = v == sbyte.MinValue ? sbyte.MaxValue : Math.Abs(v);
                break;
            case ScalarType.Long:
                foreach (ref long v in MemoryMarshal.Cast<byte, long>(bytes.AsSpan()))
                    v = v == long.MinValue ? long.MaxValue : Math.Abs(v);
                break;
        }
        return t with { Data = bytes };
    }

    internal static double Number(Tensor tensor, int index) => tensor.Type switch
    {
        ScalarType.Float => tensor.Span<float>()[index],
        ScalarType.Double => tensor.Span<double>()[index],
        ScalarType.Half => (double)tensor.Span<Half>()[index],
        ScalarType.BFloat16 => (float)tensor.Span<BFloat16>()[index],
        ScalarType.Long => tensor.Span<long>()[index],
        ScalarType.Int => tensor.Span<int>()[index],
        ScalarType.Short => tensor.Span<short>()[index],
        ScalarType.Char => tensor.Span<sbyte>()[index],
        ScalarType.UInt16 => tensor.Span<ushort>()[index],
        ScalarType.UInt32 => tensor.Span<uint>()[index],
        _ => tensor.Bytes[index],
    };

    private static double Epsilon(ScalarType type) => type switch
    {
        ScalarType.Double => Math.Pow(2, -52),
        ScalarType.Half => Math.Pow(2, -10),
        ScalarType.BFloat16 => Math.Pow(2, -7),
        _ => Math.Pow(2, -23),
    };

    private static double Ulp(ScalarType type, double value)
    {
        (int digits, int lowest) = type switch
        {
            ScalarType.Double => (52, -1022),
            ScalarType.Half => (10, -14),
            ScalarType.BFloat16 => (7, -126),
            _ => (23, -126),
        };
        int exponent = value == 0 ? lowest : Math.Max(Math.ILogB(value), lowest);
        return Math.ScaleB(1, exponent - digits);
    }
}
