using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Linear;

/// <summary>Products of complex matrices, computed in double precision.</summary>
internal static class ComplexProducts
{
    public static void Bmm(KernelContext context, Tensor a, Tensor b, Tensor output)
    {
        int m = a.Sizes[1], k = a.Sizes[2], n = b.Sizes[2];
        using Scratch<Complex> x = new((int)a.Numel), y = new((int)b.Numel), z = new((int)output.Numel);
        Read(a, x.Span);
        Read(b, y.Span);
        for (int i = 0; i < a.Sizes[0]; i++)
            Products.Run<Complex>(context, m, n, k, x.Span.Slice(i * m * k, m * k), y.Span.Slice(i * k * n, k * n), false, z.Span.Slice(i * m * n, m * n));
        Write(z.Span, output);
    }

    public static void Read(Tensor t, Span<Complex> values)
    {
        switch (t.Type)
        {
            case ScalarType.ComplexDouble:
                MemoryMarshal.Cast<byte, Complex>(t.Bytes).CopyTo(values);
                break;
            case ScalarType.ComplexFloat:
                var floats = MemoryMarshal.Cast<byte, float>(t.Bytes);
                for (int i = 0; i < values.Length; i++)
                    values[i] = new Complex(floats[2 * i], floats[(2 * i) + 1]);
                break;
            default:
                var halves = MemoryMarshal.Cast<byte, Half>(t.Bytes);
                for (int i = 0; i < values.Length; i++)
                    values[i] = new Complex((double)halves[2 * i], (double)halves[(2 * i) + 1]);
                break;
        }
    }

    public static void Write(ReadOnlySpan<Complex> values, Tensor t)
    {
        switch (t.Type)
        {
            case ScalarType.ComplexDouble:
                values.CopyTo(MemoryMarshal.Cast<byte, Complex>(t.Bytes));
                break;
            case ScalarType.ComplexFloat:
                var floats = MemoryMarshal.Cast<byte, float>(t.Bytes);
                for (int i = 0; i < values.Length; i++)
                    (floats[2 * i], floats[(2 * i) + 1]) = ((float)values[i].Real, (float)values[i].Imaginary);
                break;
            default:
                var halves = MemoryMarshal.Cast<byte, Half>(t.Bytes);
                for (int i = 0; i < values.Length; i++)
                    (halves[2 * i], halves[(2 * i) + 1]) = ((Half)values[i].Real, (Half)values[i].Imaginary);
                break;
        }
    }
}
