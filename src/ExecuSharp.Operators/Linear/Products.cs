using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Kernels;

namespace ExecuSharp.Operators.Linear;

/// <summary>Matrix products of any compute type: float32 through <see cref="Gemm"/>, the others by plain loops.</summary>
internal static class Products
{
    /// <summary>c[m, n] = a[m, k] b, where b is [k, n], or [n, k] if transposed.</summary>
    public static void Run<T>(KernelContext context, int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, bool transposed, Span<T> c, ReadOnlySpan<T> bias = default)
        where T : unmanaged, INumberBase<T>
    {
        if (typeof(T) == typeof(float))
        {
            Gemm.Run(
                context, m, n, k,
                MemoryMarshal.Cast<T, float>(a), k,
                MemoryMarshal.Cast<T, float>(b), transposed ? k : n, transposed,
                MemoryMarshal.Cast<T, float>(c), n,
                new GemmEpilogue(MemoryMarshal.Cast<T, float>(bias)));
            return;
        }
        for (int i = 0; i < m; i++)
        {
            var row = c.Slice(i * n, n);
            if (bias.IsEmpty)
                row.Clear();
            else
                bias.CopyTo(row);
            var left = a.Slice(i * k, k);
            if (transposed)
                Dots(left, b, row);
            else
                Rows(left, b, row);
        }
    }

    private static void Rows<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> b, Span<T> row) where T : unmanaged, INumberBase<T>
    {
        for (int p = 0; p < left.Length; p++)
        {
            var x = left[p];
            var other = b.Slice(p * row.Length, row.Length);
            for (int j = 0; j < row.Length; j++)
                row[j] += x * other[j];
        }
    }

    private static void Dots<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> b, Span<T> row) where T : unmanaged, INumberBase<T>
    {
        for (int j = 0; j < row.Length; j++)
        {
            var other = b.Slice(j * left.Length, left.Length);
            var sum = T.Zero;
            for (int p = 0; p < left.Length; p++)
                sum += left[p] * other[p];
            row[j] += sum;
        }
    }
}
