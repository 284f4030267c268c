using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Llama;

/// <summary>The Walsh-Hadamard transform of the last dimension, of 2^k or 28 * 2^k elements; only the part of 2^k is normalised.</summary>
internal static class HadamardOperators
{
    // Williamson's Hadamard matrix of order 28: [[a, b, c, d], [-b, a, -d, c], [-c, d, a, -b], [-d, -c, b, a]] of circulant 7 x 7 blocks.
    private const int Block = 7;
    private static ReadOnlySpan<sbyte> A => [1, -1, -1, -1, -1, -1, -1];
    private static ReadOnlySpan<sbyte> B => [1, 1, -1, -1, -1, -1, 1];
    private static ReadOnlySpan<sbyte> C => [1, -1, 1, -1, -1, 1, -1];
    private static ReadOnlySpan<sbyte> D => [1, -1, -1, 1, 1, -1, -1];

    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("llama::fast_hadamard_transform(Tensor mat) -> Tensor")
        {
            OutName = "llama::fast_hadamard_transform.out",
            Kernel = Transform,
            Shape = Specs.SameAsFirst,
        },
    ];

    private static void Transform(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(1);
        KernelChecks.ResizeOut(output, self.Sizes);
        KernelChecks.SameType(self, output);
        if (self.Rank == 0 || self.Numel == 0)
            return;
        KernelChecks.ContiguousOrder(self);
        KernelChecks.ContiguousOrder(output);
        int size = self.Sizes[^1], power = size % 28 == 0 ? size / 28 : size;
        KernelChecks.Require(BitOperations.IsPow2(power), $"a size of {size} is neither 2^k nor 28 * 2^k");
        switch (self.Type)
        {
            case ScalarType.Float: Transform<float>(self, output, size, power); break;
            case ScalarType.Double: Transform<double>(self, output, size, power); break;
            case ScalarType.Half: Transform<Half>(self, output, size, power); break;
            default: KernelChecks.Fail($"no kernel for elements of type {self.Type.Name()}"); break;
        }
    }

    private static void Transform<T>(Tensor self, Tensor output, int size, int power) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var to = output.Span<T>();
        self.Span<T>().CopyTo(to);
        int shift = BitOperations.Log2((uint)power);
        T factor = T.One / (T.CreateTruncating(1 << (shift / 2)) * (shift % 2 == 1 ? T.CreateTruncating(Math.Sqrt(2)) : T.One));
        for (int i = 0; i < to.Length; i += power)
            Walsh(to.Slice(i, power), factor);
        if (size == power)
            return;
        for (int row = 0; row < to.Length; row += size)
            for (int i = 0; i < power; i++)
                Multiply28(to.Slice(row, size), i, power);
    }

    private static void Walsh<T>(Span<T> x, T factor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int step = 1; step < x.Length; step *= 2)
            for (int i = 0; i < x.Length; i += 2 * step)
                for (int j = i; j < i + step; j++)
                    (x[j], x[j + step]) = (x[j] + x[j + step], x[j] - x[j + step]);
        for (int i = 0; i < x.Length; i++)
            x[i] *= factor;
    }

    private static void Multiply28<T>(Span<T> x, int start, int stride) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> sums = stackalloc T[4 * Block];
        for (int r = 0; r < sums.Length; r++)
        {
            T sum = T.Zero;
            for (int c = 0; c < sums.Length; c++)
                sum += Sign(r, c) > 0 ? x[start + (c * stride)] : -x[start + (c * stride)];
            sums[r] = sum;
        }
        for (int r = 0; r < sums.Length; r++)
            x[start + (r * stride)] = sums[r];
    }

    private static int Sign(int row, int column)
    {
        int place = (column + Block - (row % Block)) % Block;
        return (row / Block, column / Block) switch
        {
            (0, 0) or (1, 1) or (2, 2) or (3, 3) => A[place],
            (0, 1) or (3, 2) => B[place],
            (1, 0) or (2, 3) => -B[place],
            (0, 2) or (1, 3) => C[place],
            (2, 0) or (3, 1) => -C[place],
            (0, 3) or (2, 1) => D[place],
            _ => -D[place],
        };
    }
}
