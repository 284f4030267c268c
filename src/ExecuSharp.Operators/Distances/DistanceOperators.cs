using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Distances;

/// <summary>p-norm distances between rows.</summary>
internal static class DistanceOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::_cdist_forward(Tensor x1, Tensor x2, float p, int? compute_mode) -> Tensor")
        {
            OutName = "aten::_cdist_forward.out",
            Kernel = Cdist,
            Shape = CdistShape,
        },
        new("aten::_pdist_forward(Tensor self, float p=2.) -> Tensor")
        {
            OutName = "aten::_pdist_forward.out",
            Kernel = Pdist,
            Shape = PdistShape,
        },
    ];

    private static void Cdist(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(4);
        double p = args.Double(2);
        KernelChecks.SameDimOrders(a, b, output);
        KernelChecks.ContiguousOrder(a);
        KernelChecks.SameType(a, b);
        KernelChecks.SameType(a, output);
        KernelChecks.Require(a.Rank >= 2 && b.Rank >= 2 && a.Sizes[^1] == b.Sizes[^1], $"distances between {a} and {b}");
        KernelChecks.Require(p >= 0 && (args.OptionalInt(3) ?? 0) is >= 0 and <= 2, $"p {p}, compute mode {args.OptionalInt(3)}");
        Span<int> buffer = stackalloc int[Broadcasting.MaxRank];
        var batch = Broadcasting.Sizes(a.Sizes[..^2], b.Sizes[..^2], buffer);
        Span<int> sizes = stackalloc int[batch.Length + 2];
        batch.CopyTo(sizes);
        (sizes[^2], sizes[^1]) = (a.Sizes[^2], b.Sizes[^2]);
        KernelChecks.ResizeOut(output, sizes);
        if (Compute.OfFloating(output.Type) == ScalarType.Double)
            Cdist<double>(args, a, b, output, batch, p);
        else
            Cdist<float>(args, a, b, output, batch, p);
    }

    private static void Cdist<T>(in KernelArgs args, Tensor a, Tensor b, Tensor output, ReadOnlySpan<int> batch, double p) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Values<T> x = Values<T>.Of(args.Context, a), y = Values<T>.Of(args.Context, b), z = Values<T>.For(args.Context, output);
        int rows = a.Sizes[^2], columns = b.Sizes[^2], size = a.Sizes[^1];
        int batches = 1;
        foreach (int n in batch)
            batches *= n;
        int at = 0;
        for (int i = 0; i < batches; i++)
        {
            int first = Batch(i, batch, a.Sizes[..^2]) * rows * size, second = Batch(i, batch, b.Sizes[..^2]) * columns * size;
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++)
                    z.Span[at++] = Distance<T>(x.Span.Slice(first + (r * size), size), y.Span.Slice(second + (c * size), size), p);
        }
        z.Store(args.Context);
        x.Release();
        y.Release();
    }

    private static int Batch(int index, ReadOnlySpan<int> common, ReadOnlySpan<int> own)
    {
        int result = 0, stride = 1;
        for (int i = 1; i <= own.Length; i++)
        {
            int coordinate = index % common[^i];
            index /= common[^i];
            if (own[^i] != 1)
                result += coordinate * stride;
            stride *= own[^i];
        }
        return result;
    }

    private static void Pdist(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), output = args.Tensor(2);
        double p = args.Double(1);
        KernelChecks.SameType(self, output);
        KernelChecks.Require(self.Rank == 2 && p >= 0, $"distances in {self} with p {p}");
        KernelChecks.SameDimOrders(self, output);
        KernelChecks.ContiguousOrder(self);
        long n = self.Sizes[0];
        KernelChecks.ResizeOut(output, [checked((int)(n * (n - 1) / 2))]);
        if (Compute.OfFloating(self.Type) == ScalarType.Double)
            Pdist<double>(args, self, output, p);
        else
            Pdist<float>(args, self, output, p);
    }

    private static void Pdist<T>(in KernelArgs args, Tensor self, Tensor output, double p) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Values<T> x = Values<T>.Of(args.Context, self), z = Values<T>.For(args.Context, output);
        int rows = self.Sizes[0], size = self.Sizes[1];
        int at = 0;
        for (int i = 0; i < rows; i++)
            for (int j = i + 1; j < rows; j++)
                z.Span[at++] = Distance<T>(x.Span.Slice(i * size, size), x.Span.Slice(j * size, size), p);
        z.Store(args.Context);
        x.Release();
    }

    private static T Distance<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, double p) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T sum = T.Zero, exponent = T.CreateTruncating(p);
        for (int i = 0; i < a.Length; i++)
        {
            T d = T.Abs(a[i] - b[i]);
            if (p == 0)
                sum += d == T.Zero ? T.Zero : T.One;
            else if (p == 1)
                sum += d;
            else if (p == 2)
                sum += d * d;
            else if (double.IsPositiveInfinity(p))
                sum = sum < d ? d : sum;
            else
                sum += T.Pow(d, exponent);
        }
        if (p is 0 or 1 || double.IsPositiveInfinity(p))
            return sum;
        return p == 2 ? T.Sqrt(sum) : T.CreateTruncating(Math.Pow(double.CreateTruncating(sum), 1 / double.CreateTruncating(exponent)));
    }

    private static TensorSpec[] CdistShape(IReadOnlyList<Argument> args)
    {
        TensorSpec a = args[0].AsSpec(), b = args[1].AsSpec();
        Specs.Require(a.Rank >= 2 && b.Rank >= 2 && a.Sizes[^1].Value == b.Sizes[^1].Value, $"distances between {a} and {b}");
        Dim[] x = a.Sizes[..^2], y = b.Sizes[..^2];
        var batch = new Dim[Math.Max(x.Length, y.Length)];
        for (int i = 1; i <= batch.Length; i++)
        {
            Dim first = i <= x.Length ? x[^i] : 1, second = i <= y.Length ? y[^i] : 1;
            batch[^i] = second is { IsStatic: true, Value: 1 } ? first : second;
        }
        return [new TensorSpec(a.Type, [.. batch, a.Sizes[^2], b.Sizes[^2]])];
    }

    private static TensorSpec[] PdistShape(IReadOnlyList<Argument> args)
    {
        var self = args[0].AsSpec();
        Specs.Require(self.Rank == 2, $"distances in {self}");
        var n = self.Sizes[0];
        return [new TensorSpec(self.Type, n * (n - 1) / 2)];
    }
}
