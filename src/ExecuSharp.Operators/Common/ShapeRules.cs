using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Common;

/// <summary>Pieces of compile-time shape rules: PyTorch's type promotion with wrapped numbers, broadcasting, reduced sizes.</summary>
internal static class ShapeRules
{
    /// <summary>The first argument's spec.</summary>
    public static TensorSpec[] SameAsFirst(IReadOnlyList<Argument> args) => [args[0].AsSpec()];

    /// <summary>The first argument's sizes; an integer type becomes Float.</summary>
    public static TensorSpec[] FloatLikeFirst(IReadOnlyList<Argument> args) =>
        [args[0].AsSpec() with { Type = ToFloating(args[0].AsSpec().Type) }];

    /// <summary>The first argument's sizes, of type Bool.</summary>
    public static TensorSpec[] BoolLikeFirst(IReadOnlyList<Argument> args) => [args[0].AsSpec() with { Type = ScalarType.Bool }];

    /// <summary>The broadcast sizes and the common type of the first two arguments.</summary>
    public static TensorSpec[] Binary(IReadOnlyList<Argument> args) => [Broadcast(ResultType(args[0], args[1]), args[0], args[1])];

    /// <summary>As <see cref="Binary"/>; an integer type becomes Float.</summary>
    public static TensorSpec[] BinaryToFloat(IReadOnlyList<Argument> args) =>
        [Broadcast(ToFloating(ResultType(args[0], args[1])), args[0], args[1])];

    /// <summary>The broadcast sizes of the first two arguments, of type Bool.</summary>
    public static TensorSpec[] Comparison(IReadOnlyList<Argument> args) => [Broadcast(ScalarType.Bool, args[0], args[1])];

    /// <summary>An integer type or Bool becomes PyTorch's default type Float.</summary>
    public static ScalarType ToFloating(ScalarType type) => type.IsFloating() || type.IsComplex() ? type : ScalarType.Float;

    /// <summary>
    /// PyTorch's result type (ATen/native/TypeProperties): tensors with dimensions come first, then zero-dimensional tensors, then numbers; a lower
    /// class counts only if it is of a higher category (Bool, integer, floating, complex).
    /// </summary>
    public static ScalarType ResultType(params ReadOnlySpan<Argument> operands)
    {
        ScalarType? dimensional = null, zeroDimensional = null, number = null;
        foreach (var operand in operands)
        {
            if (operand.IsNone)
                continue;
            if (operand.IsValue && operand.AsValue().Kind == ValueKind.Tensor)
            {
                var spec = operand.AsSpec();
                if (spec.Rank > 0)
                    dimensional = Join(dimensional, spec.Type);
                else
                    zeroDimensional = Join(zeroDimensional, spec.Type);
            }
            else
            {
                number = Join(number, NumberType(operand));
            }
        }
        return Combine(dimensional, Combine(zeroDimensional, number))
            ?? throw new InvalidOperationException("no operand has a type");
    }

    /// <summary>A tensor of the broadcast sizes of the tensors among the operands. The dim order is that of an operand with these sizes.</summary>
    public static TensorSpec Broadcast(ScalarType type, params ReadOnlySpan<Argument> operands)
    {
        Dim[]? sizes = null;
        foreach (var operand in operands)
            if (operand.IsValue && operand.AsValue().Kind == ValueKind.Tensor)
                sizes = sizes is null ? operand.AsSpec().Sizes : Broadcast(sizes, operand.AsSpec().Sizes);
        if (sizes is null)
            throw new InvalidOperationException("no operand is a tensor");
        foreach (var operand in operands)
            if (operand.IsValue && operand.AsValue().Kind == ValueKind.Tensor && operand.AsSpec() is { } spec
                && spec.Rank == sizes.Length && spec.Sizes.AsSpan().SequenceEqual(sizes))
                return spec with { Type = type };
        return new TensorSpec(type, sizes);
    }

    /// <summary>The broadcast of two shapes.</summary>
    public static Dim[] Broadcast(Dim[] a, Dim[] b)
    {
        var sizes = new Dim[Math.Max(a.Length, b.Length)];
        for (int i = 1; i <= sizes.Length; i++)
        {
            Dim x = i <= a.Length ? a[^i] : 1, y = i <= b.Length ? b[^i] : 1;
            if (IsOne(x))
                sizes[^i] = y;
            else if (IsOne(y) || x == y || (!x.IsStatic && !y.IsStatic))
                sizes[^i] = x;
            else if (!x.IsStatic || !y.IsStatic)
                sizes[^i] = x.IsStatic ? x : y;
            else
                throw new InvalidOperationException($"sizes [{string.Join(", ", a)}] and [{string.Join(", ", b)}] do not broadcast");
        }
        return sizes;
    }

    /// <summary>The sizes that a reduction leaves.</summary>
    /// <param name="sizes">The operand's sizes.</param>
    /// <param name="dims">Reduced dims, negative ones counted from the end; empty for all.</param>
    /// <param name="keepDim">Reduced dims stay with size 1.</param>
    public static Dim[] Reduce(Dim[] sizes, ReadOnlySpan<long> dims, bool keepDim)
    {
        var reduced = new bool[Math.Max(sizes.Length, 1)];
        foreach (long d in dims)
            reduced[WrapDim(d, sizes.Length)] = true;
        if (dims.IsEmpty)
            Array.Fill(reduced, true);
        var result = new List<Dim>(sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
        {
            if (!reduced[i])
                result.Add(sizes[i]);
            else if (keepDim)
                result.Add(1);
        }
        return [.. result];
    }

    /// <summary>Counts a negative dim from the end; a zero-dimensional tensor has the dims 0 and -1.</summary>
    public static int WrapDim(long dim, int rank)
    {
        int r = Math.Max(rank, 1);
        if (dim < -r || dim >= r)
            throw new InvalidOperationException($"dim {dim} is outside [{-r}, {r})");
        return (int)(dim < 0 ? dim + r : dim);
    }

    /// <summary>A list of dims, a single dim, or nothing (all dims).</summary>
    public static long[] Dims(Argument argument) => argument.IsNone ? [] : argument.IsList ? argument.AsInts() : [argument.AsInt()];

    private static bool IsOne(Dim d) => d is { IsStatic: true, Value: 1 };

    private static ScalarType NumberType(Argument number) => number switch
    {
        { IsBool: true } => ScalarType.Bool,
        { IsInt: true } => ScalarType.Long,
        { IsDouble: true } => ScalarType.Float,
        { IsValue: true } => number.AsValue().Kind switch
        {
            ValueKind.Bool => ScalarType.Bool,
            ValueKind.Int => ScalarType.Long,
            _ => ScalarType.Float,
        },
        _ => throw new InvalidOperationException($"{number} is no operand"),
    };

    private static ScalarType Join(ScalarType? a, ScalarType b) => a is null ? b : ScalarTypes.Promote(a.Value, b);

    private static ScalarType? Combine(ScalarType? higher, ScalarType? lower)
    {
        if (higher is not { } h || lower is not { } l)
            return higher ?? lower;
        if (h.IsComplex() || (h.IsFloating() && !l.IsComplex()))
            return h;
        if (h == ScalarType.Bool || l.IsFloating() || l.IsComplex())
            return ScalarTypes.Promote(h, l);
        return h;
    }
}
