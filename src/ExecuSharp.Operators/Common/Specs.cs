using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Common;

/// <summary>What shape rules share. A failed check is an <see cref="InvalidOperationException"/>.</summary>
internal static class Specs
{
    /// <summary>Type and dim order of another spec where the rank is the same, else contiguous order.</summary>
    public static TensorSpec Like(TensorSpec like, params Dim[] sizes) =>
        sizes.Length == like.Rank ? like with { Sizes = sizes } : new TensorSpec(like.Type, sizes);

    /// <summary>The spec of the first argument.</summary>
    public static TensorSpec[] SameAsFirst(IReadOnlyList<Argument> args) => [args[0].AsSpec()];

    /// <summary>The spec of the second argument.</summary>
    public static TensorSpec[] SameAsSecond(IReadOnlyList<Argument> args) => [args[1].AsSpec()];

    public static void Require(bool condition, string message)
    {
        if (!condition)
            throw new InvalidOperationException(message);
    }

    /// <summary>Counts a negative dim from the end; a zero-dimensional tensor has the dims 0 and -1.</summary>
    public static int WrapDim(long dim, int rank)
    {
        int r = Math.Max(rank, 1);
        Require(dim >= -r && dim < r, $"dim {dim} is outside [{-r}, {r})");
        return (int)(dim < 0 ? dim + r : dim);
    }

    /// <summary>The sizes with one replaced.</summary>
    public static Dim[] With(Dim[] sizes, int dim, Dim size)
    {
        var copy = (Dim[])sizes.Clone();
        copy[dim] = size;
        return copy;
    }

    /// <summary>The sizes without one.</summary>
    public static Dim[] Without(Dim[] sizes, int dim) => [.. sizes[..dim], .. sizes[(dim + 1)..]];

    /// <summary>The product.</summary>
    public static Dim Product(IEnumerable<Dim> sizes) => sizes.Aggregate((Dim)1, (a, b) => a * b);

    /// <summary>The element type of an optional argument.</summary>
    public static ScalarType TypeOr(Argument argument, ScalarType otherwise) => argument.IsNone ? otherwise : argument.AsScalarType();
}
