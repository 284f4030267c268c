using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Linear;

/// <summary>Matrix products.</summary>
internal static class MatrixOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::mm(Tensor self, Tensor mat2) -> Tensor")
        {
            OutName = "aten::mm.out",
            Kernel = Mm,
            Shape = MatrixShapes.Mm,
        },
        new("aten::bmm(Tensor self, Tensor mat2) -> Tensor")
        {
            OutName = "aten::bmm.out",
            Kernel = Bmm,
            Shape = MatrixShapes.Bmm,
        },
        new("aten::addmm(Tensor self, Tensor mat1, Tensor mat2, *, Scalar beta=1, Scalar alpha=1) -> Tensor")
        {
            OutName = "aten::addmm.out",
            Kernel = Addmm,
            Shape = MatrixShapes.Addmm,
        },
        new("aten::linear(Tensor input, Tensor weight, Tensor? bias=None) -> Tensor")
        {
            OutName = "aten::linear.out",
            Kernel = Linear,
            Shape = MatrixShapes.Linear,
        },
    ];

    private static void Mm(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        CheckMatrices(a, b, output);
        KernelChecks.ResizeOut(output, [a.Sizes[0], b.Sizes[1]]);
        switch (Compute.Of(a.Type))
        {
            case ScalarType.Float: Mm<float>(args, a, b, output); break;
            case ScalarType.Double: Mm<double>(args, a, b, output); break;
            default: Mm<long>(args, a, b, output); break;
        }
    }

    private static void Mm<T>(in KernelArgs args, Tensor a, Tensor b, Tensor output) where T : unmanaged, INumberBase<T>
    {
        Values<T> x = Values<T>.Of(args.Context, a), y = Values<T>.Of(args.Context, b), z = Values<T>.For(args.Context, output);
        Products.Run(args.Context, a.Sizes[0], b.Sizes[1], a.Sizes[1], x.Span, y.Span, false, z.Span);
        z.Store(args.Context);
        x.Release();
        y.Release();
    }

    private static void Bmm(in KernelArgs args)
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        KernelChecks.Require(a.Rank == 3 && b.Rank == 3 && output.Rank == 3, "three dimensions are needed");
        KernelChecks.Require(a.Sizes[0] == b.Sizes[0] && a.Sizes[2] == b.Sizes[1], $"{a} times {b}");
        KernelChecks.ResizeOut(output, [a.Sizes[0], a.Sizes[1], b.Sizes[2]]);
        KernelChecks.SameType(a, b);
        KernelChecks.SameType(a, output);
        if (a.Type.IsComplex())
        {
            ComplexProducts.Bmm(args.Context, a, b, output);
            return;
        }
        switch (Compute.Of(a.Type))
        {
            case ScalarType.Float: Bmm<float>(args, a, b, output); break;
            case ScalarType.Double: Bmm<double>(args, a, b, output); break;
            default: Bmm<long>(args, a, b, output); break;
        }
    }

    private static void Bmm<T>(in KernelArgs args, Tensor a, Tensor b, Tensor output) where T : unmanaged, INumberBase<T>
    {
        int m = a.Sizes[1], k = a.Sizes[2], n = b.Sizes[2];
        Values<T> x = Values<T>.Of(args.Context, a), y = Values<T>.Of(args.Context, b), z = Values<T>.For(args.Context, output);
        for (int i = 0; i < a.Sizes[0]; i++)
            Products.Run(args.Context, m, n, k, x.Span.Slice(i * m * k, m * k), y.Span.Slice(i * k * n, k * n), false, z.Span.Slice(i * m * n, m * n));
        z.Store(args.Context);
        x.Release();
        y.Release();
    }

    private static void Addmm(in KernelArgs args)
    {
        Tensor self = args.Tensor(0), a = args.Tensor(1), b = args.Tensor(2), output = args.Tensor(5);
        CheckMatrices(a, b, output);
        KernelChecks.SameType(self, output);
        KernelChecks.ResizeOut(output, [a.Sizes[0], b.Sizes[1]]);
        KernelChecks.Require(Broadcasting.CanExpand(self.Sizes, output.Sizes), $"{self} does not expand to {output}");
        KernelChecks.SameDimOrders(self, a, b, output);
        KernelChecks.ContiguousOrder(self);
        switch (Compute.Of(self.Type))
        {
            case ScalarType.Float: Addmm<float>(args, self, a, b, output); break;
            case ScalarType.Double: Addmm<double>(args, self, a, b, output); break;
            default: Addmm<long>(args, self, a, b, output); break;
        }
    }

    private static void Addmm<T>(in KernelArgs args, Tensor self, Tensor a, Tensor b, Tensor output) where T : unmanaged, INumberBase<T>
    {
        T beta = ElementCast.Cast<T>(args.Scalar(3)), alpha = ElementCast.Cast<T>(args.Scalar(4));
        int m = a.Sizes[0], n = b.Sizes[1];
        Values<T> s = Values<T>.Of(args.Context, self), x = Values<T>.Of(args.Context, a), y = Values<T>.Of(args.Context, b), z = Values<T>.For(args.Context, output);
        bool isBias = beta == T.One && alpha == T.One && self.Numel == n && self.Sizes.Length > 0 && self.Sizes[^1] == n;
        Products.Run(args.Context, m, n, a.Sizes[1], x.Span, y.Span, false, z.Span, isBias ? s.Span : default);
        if (!isBias)
        {
            int column = self.Rank > 0 && self.Sizes[^1] != 1 ? 1 : 0;
            int row = self.Rank > 1 && self.Sizes[0] != 1 ? self.Sizes[^1] : 0;
            for (int i = 0; i < m; i++)
            {
                var line = z.Span.Slice(i * n, n);
                for (int j = 0; j < n; j++)
                    line[j] = (line[j] * alpha) + (s.Span[(i * row) + (j * column)] * beta);
            }
        }
        z.Store(args.Context);
        s.Release();
        x.Release();
        y.Release();
    }

    private static void Linear(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), weight = args.Tensor(1), output = args.Tensor(3);
        var bias = args.OptionalTensor(2);
        KernelChecks.Require(input.Rank == output.Rank && input.Rank >= 2, $"an input of {input.Rank} dimensions for an output of {output.Rank}");
        KernelChecks.Require(weight.Rank == 2, $"a weight of {weight.Rank} dimensions");
        KernelChecks.SameType(input, weight);
        KernelChecks.SameType(input, output);
        KernelChecks.Require(input.Sizes[^1] == weight.Sizes[1], $"input {input}, weight {weight}");
        Span<int> sizes = stackalloc int[input.Rank];
        input.Sizes.CopyTo(sizes);
        int n = sizes[^1] = weight.Sizes[0];
        KernelChecks.ResizeOut(output, sizes);
        if (output.Numel == 0)
            return;
        if (bias is not null)
        {
            KernelChecks.SameType(bias, output);
            KernelChecks.Require(bias.Rank == 1 && (bias.Sizes[0] == n || bias.Sizes[0] == 1), $"bias {bias} for {n} outputs");
        }
        switch (Compute.Of(input.Type))
        {
            case ScalarType.Float: Linear<float>(args, input, weight, bias, output); break;
            case ScalarType.Double: Linear<double>(args, input, weight, bias, output); break;
            default: Linear<long>(args, input, weight, bias, output); break;
        }
    }

    private static void Linear<T>(in KernelArgs args, Tensor input, Tensor weight, Tensor? bias, Tensor output) where T : unmanaged, INumberBase<T>
    {
        int n = weight.Sizes[0], k = weight.Sizes[1];
        int m = (int)(output.Numel / n);
        Values<T> x = Values<T>.Of(args.Context, input), y = Values<T>.Of(args.Context, weight), z = Values<T>.For(args.Context, output);
        if (bias is null)
        {
            Products.Run(args.Context, m, n, k, x.Span, y.Span, true, z.Span);
        }
        else
        {
            var start = Values<T>.Of(args.Context, bias);
            using var all = new Scratch<T>(n);
            if (start.Span.Length == n)
                start.Span.CopyTo(all.Span);
            else
                all.Span.Fill(start.Span[0]);
            Products.Run(args.Context, m, n, k, x.Span, y.Span, true, z.Span, all.Span);
            start.Release();
        }
        z.Store(args.Context);
        x.Release();
        y.Release();
    }

    private static void CheckMatrices(Tensor a, Tensor b, Tensor output)
    {
        KernelChecks.Require(a.Rank == 2 && b.Rank == 2 && output.Rank == 2, "two dimensions are needed");
        KernelChecks.SameType(a, b);
        KernelChecks.SameType(a, output);
        KernelChecks.Require(a.Sizes[1] == b.Sizes[0], $"{a} times {b}");
    }
}
