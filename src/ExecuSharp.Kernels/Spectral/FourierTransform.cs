using System.Numerics;

namespace ExecuSharp.Kernels.Spectral;

/// <summary>The discrete Fourier transform of any length, in double precision, without normalisation: radix 2 for powers of two, Bluestein's convolution for others.</summary>
public sealed class FourierTransform
{
    private readonly int size;
    private readonly Complex[] roots;
    private readonly Complex[]? chirp;
    private readonly Complex[]? filter;
    private readonly FourierTransform? inner;

    /// <summary>Prepares transforms of a length.</summary>
    /// <param name="size">Length, at least 1.</param>
    public FourierTransform(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        this.size = size;
        if (BitOperations.IsPow2(size))
        {
            roots = new Complex[size / 2];
            for (int i = 0; i < roots.Length; i++)
                roots[i] = Root(i, size);
            return;
        }
        roots = [];
        int length = (int)BitOperations.RoundUpToPowerOf2((uint)((2 * size) - 1));
        inner = new FourierTransform(length);
        chirp = new Complex[size];
        filter = new Complex[length];
        for (int i = 0; i < size; i++)
        {
            chirp[i] = Root((long)i * i % (2L * size), 2 * size);
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
        if (inner is null)
            Radix2(values);
        else
            Bluestein(values);
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

    private static Complex Root(long index, int size)
    {
        var (sin, cos) = Math.SinCos(2 * Math.PI * index / size);
        return new Complex(cos, -sin);
    }

    private void Radix2(Span<Complex> x)
    {
        for (int i = 1, j = 0; i < size; i++)
        {
            int bit = size >> 1;
            for (; (j & bit) != 0; bit >>= 1)
                j ^= bit;
            j ^= bit;
            if (i < j)
                (x[i], x[j]) = (x[j], x[i]);
        }
        for (int half = 1; half < size; half *= 2)
            for (int start = 0; start < size; start += 2 * half)
                for (int i = 0; i < half; i++)
                {
                    var odd = x[start + half + i] * roots[i * (size / (2 * half))];
                    var even = x[start + i];
                    x[start + i] = even + odd;
                    x[start + half + i] = even - odd;
                }
    }

    private void Bluestein(Span<Complex> x)
    {
        var work = new Complex[filter!.Length];
        for (int i = 0; i < size; i++)
            work[i] = x[i] * chirp![i];
        inner!.Forward(work);
        for (int i = 0; i < work.Length; i++)
            work[i] *= filter[i];
        inner.Backward(work);
        for (int i = 0; i < size; i++)
            x[i] = work[i] * chirp![i] / work.Length;
    }
}
