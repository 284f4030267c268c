using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Linear;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Spectral;

/// <summary>Fourier transforms between real and complex tensors. The last entry of dim is the axis that is halved.</summary>
internal static class FourierOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::_fft_r2c(Tensor self, int[] dim, int normalization, bool onesided) -> Tensor")
        {
            OutName = "aten::_fft_r2c.out",
            Kernel = RealToComplex,
            Shape = RealToComplexShape,
        },
        new("aten::_fft_c2r(Tensor self, int[] dim, int normalization, SymInt last_dim_size) -> Tensor")
        {
            OutName = "aten::_fft_c2r.out",
            Kernel = ComplexToReal,
            Shape = ComplexToRealShape,
        },
    ];

    private static void RealToComplex(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(4);
        var dims = args.Ints(1);
        KernelChecks.Require(dims.Length > 0, "no dims");
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        KernelChecks.Require(args.Bool(3), "two-sided transforms are not supported");
        KernelChecks.Require(output.Type == ComplexOf(self.Type), $"{self.Type.Name()} into {output.Type.Name()}");
        CheckDims(self, dims);
        int last = (int)dims[^1], half = (self.Sizes[last] / 2) + 1;
        Span<int> sizes = stackalloc int[self.Rank];
        self.Sizes.CopyTo(sizes);
        sizes[last] = half;
        KernelChecks.ResizeOut(output, sizes);
        double factor = Factor(args.Int(2), self, dims);
        if (output.Numel == 0)
            return;
        KernelChecks.Require(self.Numel > 0, "an empty input");
        var real = Values<double>.Of(args.Context, self);
        using Scratch<Complex> full = new((int)self.Numel), room = new((int)output.Numel);
        for (int i = 0; i < full.Span.Length; i++)
            full.Span[i] = real.Span[i];
        real.Release();
        Along(args.Context, full.Span, self.Sizes, last, inverse: false);
        var result = room.Span;
        Cut(full.Span, self.Sizes, last, half, result);
        foreach (long dim in dims[..^1])
            Along(args.Context, result, sizes, (int)dim, inverse: false);
        for (int i = 0; i < result.Length; i++)
            result[i] *= factor;
        ComplexProducts.Write(result, output);
    }

    private static void ComplexToReal(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(4);
        var dims = args.Ints(1);
        long size = args.Int(3);
        KernelChecks.Require(dims.Length > 0 && size is >= 1 and <= int.MaxValue, $"a size of {size}");
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        KernelChecks.Require(self.Type == ComplexOf(output.Type), $"{self.Type.Name()} into {output.Type.Name()}");
        CheckDims(self, dims);
        int last = (int)dims[^1];
        Span<int> sizes = stackalloc int[self.Rank];
        self.Sizes.CopyTo(sizes);
        sizes[last] = (int)size;
        KernelChecks.ResizeOut(output, sizes);
        double factor = Factor(args.Int(2), output, dims);
        if (output.Numel == 0)
            return;
        KernelChecks.Require(self.Sizes[last] >= (size / 2) + 1, $"{self.Sizes[last]} of the {(size / 2) + 1} values that a size of {size} needs");
        using Scratch<Complex> half = new((int)self.Numel), full = new((int)output.Numel);
        ComplexProducts.Read(self, half.Span);
        foreach (long dim in dims[..^1])
            Along(args.Context, half.Span, self.Sizes, (int)dim, inverse: true);
        Mirror(half.Span, self.Sizes, last, (int)size, full.Span);
        Along(args.Context, full.Span, sizes, last, inverse: true);
        var real = Values<double>.For(args.Context, output);
        for (int i = 0; i < full.Span.Length; i++)
            real.Span[i] = full.Span[i].Real * factor;
        real.Store(args.Context);
    }

    private static void Along(KernelContext context, Span<Complex> values, ReadOnlySpan<int> sizes, int dim, bool inverse)
    {
        int size = sizes[dim], inner = Inner(sizes, dim);
        var transform = context.Transform(size);
        using var rented = new Scratch<Complex>(size);
        var line = rented.Span;
        for (int i = 0; i < values.Length / size; i++)
        {
            int start = (i / inner * size * inner) + (i % inner);
            for (int j = 0; j < size; j++)
                line[j] = values[start + (j * inner)];
            if (inverse)
                transform.Backward(line);
            else
                transform.Forward(line);
            for (int j = 0; j < size; j++)
                values[start + (j * inner)] = line[j];
        }
    }

    private static void Cut(ReadOnlySpan<Complex> full, ReadOnlySpan<int> sizes, int dim, int count, Span<Complex> result)
    {
        int size = sizes[dim], inner = Inner(sizes, dim);
        for (int i = 0; i < result.Length; i++)
            result[i] = full[(i / (count * inner) * size * inner) + (i % (count * inner))];
    }

    // A real signal: X[size - k] is the conjugate of X[k]. The imaginary parts of X[0] and of the middle of an even size are ignored.
    private static void Mirror(ReadOnlySpan<Complex> half, ReadOnlySpan<int> sizes, int dim, int size, Span<Complex> full)
    {
        int count = sizes[dim], inner = Inner(sizes, dim);
        for (int i = 0; i < full.Length; i++)
        {
            int outer = i / (size * inner), k = i / inner % size, rest = i % inner;
            bool mirrored = k > size / 2;
            var value = half[(((outer * count) + (mirrored ? size - k : k)) * inner) + rest];
            full[i] = k == 0 || 2 * k == size ? value.Real : mirrored ? Complex.Conjugate(value) : value;
        }
    }

    private static int Inner(ReadOnlySpan<int> sizes, int dim)
    {
        int inner = 1;
        foreach (int size in sizes[(dim + 1)..])
            inner *= size;
        return inner;
    }

    private static void CheckDims(Tensor t, ReadOnlySpan<long> dims)
    {
        foreach (long dim in dims)
            KernelChecks.Require(dim >= 0 && dim < t.Rank, $"a tensor of {t.Rank} dimensions has no dim {dim}");
    }

    // PyTorch's fft_norm_mode: none, by sqrt(n), by n.
    private static double Factor(long normalization, Tensor signal, ReadOnlySpan<long> dims)
    {
        double n = 1;
        foreach (long dim in dims)
            n *= signal.Sizes[(int)dim];
        KernelChecks.Require(normalization is >= 0 and <= 2, $"normalization {normalization}");
        return normalization == 0 ? 1 : normalization == 1 ? 1 / Math.Sqrt(n) : 1 / n;
    }

    private static ScalarType? ComplexOf(ScalarType type) => type switch
    {
        ScalarType.Float => ScalarType.ComplexFloat,
        ScalarType.Double => ScalarType.ComplexDouble,
        _ => null,
    };

    private static TensorSpec[] RealToComplexShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int last = Specs.WrapDim(args[1].AsInts()[^1], self.Rank);
        var type = ComplexOf(self.Type) ?? throw new InvalidOperationException($"Fourier transform of {self}");
        return [new TensorSpec(type, args[3].AsBool() ? Specs.With(self.Sizes, last, (self.Sizes[last] / 2) + 1) : self.Sizes)];
    }

    private static TensorSpec[] ComplexToRealShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        int last = Specs.WrapDim(args[1].AsInts()[^1], self.Rank);
        Specs.Require(self.Type.IsComplex(), $"Fourier transform of {self}");
        return [new TensorSpec(self.Type == ScalarType.ComplexDouble ? ScalarType.Double : ScalarType.Float, Specs.With(self.Sizes, last, args[3].AsDim()))];
    }
}
