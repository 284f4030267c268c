using System.Numerics;

namespace ExecuSharp.Kernels.Spectral;

/// <summary>
/// The discrete Fourier transform of any length, in double precision, without normalisation: by prime factors, and by Bluestein's convolution where
/// a prime factor is large. Holds work memory, so that repeated transforms allocate nothing; not safe for concurrent use.
/// </summary>
public sealed class FourierTransform
{
    private const int LargestFactor = 64;
    private readonly int size;
    private readonly int[] factors;
    private readonly Complex[] roots;
    private readonly Complex[] work;
    private readonly Complex[]? chirp;
    private readonly Complex[]? filter;
    private readonly FourierTransform? inner;

    /// <summary>Prepares transforms of a length.</summary>
    /// <param name="size">Length, at least 1.</param>
    public FourierTransform(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        this.size = size;
        factors = Factors(size);
        if (factors.Length == 0 || factors[^1] <= LargestFactor)
        {
            roots = new Complex[size];
            for (int i = 0; i < size; i++)
                roots[i] = Root(i, size);
            work = new Complex[size];
            return;
        }
        roots = [];
        int length = (int)BitOperations.RoundUpToPowerOf2((uint)((2 * size) - 1));
        inner = new FourierTransform(length);
        work = new Complex[length];
        chirp = new Complex[size];
        filter = new Complex[length];
        for (int i = 0; i < size; i++)
        {
            chirp[i] = Root((long)i * i % (2L * size), 2L * size);
            filter[i] = Complex.Conjugate(chirp[i]);
            if (i > 0)
                filter[length - i] = filter[i];
        }
        inner.Forward(filter);
    }

    /// <summary>X[k] = sum of x[n] exp(-2 pi i k n / size), in place.</summary>
    public void Forward(Span<Complex> values)
    {
        if (values.Length != size)
            throw new ArgumentException($"{values.Length} values for a transform of {size}", nameof(values));
        if (inner is not null)
        {
            Bluestein(values);
            return;
        }
        values.CopyTo(work);
        Split(work, 0, 1, values, factors);
    }

    /// <summary>x[n] = sum of X[k] exp(+2 pi i k n / size), in place and not divided by the size.</summary>
    public void Backward(Span<Complex> values)
    {
        for (int i = 0; i < values.Length; i++)
            values[i] = Complex.Conjugate(values[i]);
        Forward(values);
        for (int i = 0; i < values.Length; i++)
            values[i] = Complex.Conjugate(values[i]);
    }

    private static int[] Factors(int n)
    {
        var result = new List<int>();
        for (int p = 2; p <= n / p; p++)
            for (; n % p == 0; n /= p)
                result.Add(p);
        if (n > 1)
            result.Add(n);
        return [.. result];
    }

    private static Complex Root(long index, long size)
    {
        var (sin, cos) = double.SinCosPi(2.0 * index / size);
        return new Complex(cos, -sin);
    }

    // The transform of source[offset], source[offset + stride], …: transforms of every p-th element, joined by transforms of p.
    private void Split(ReadOnlySpan<Complex> source, int offset, int stride, Span<Complex> target, ReadOnlySpan<int> rest)
    {
        if (rest.IsEmpty)
        {
            target[0] = source[offset];
            return;
        }
        int p = rest[0], part = target.Length / p, step = size / target.Length;
        for (int r = 0; r < p; r++)
            Split(source, offset + (r * stride), stride * p, target.Slice(r * part, part), rest[1..]);
        Span<Complex> terms = stackalloc Complex[p];
        for (int k = 0; k < part; k++)
        {
            for (int r = 0; r < p; r++)
                terms[r] = target[(r * part) + k] * roots[r * k * step];
            for (int q = 0; q < p; q++)
            {
                var sum = terms[0];
                for (int r = 1; r < p; r++)
                    sum += terms[r] * roots[r * q % p * (size / p)];
                target[(q * part) + k] = sum;
            }
        }
    }

    private void Bluestein(Span<Complex> x)
    {
        work.AsSpan(size).Clear();
        for (int i = 0; i < size; i++)
            work[i] = x[i] * chirp![i];
        inner!.Forward(work);
        for (int i = 0; i < work.Length; i++)
            work[i] *= filter![i];
        inner.Backward(work);
        for (int i = 0; i < size; i++)
            x[i] = work[i] * chirp![i] / work.Length;
    }
}
