using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Normalization;

/// <summary>Normalisation of channels.</summary>
internal static class BatchNormOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::_native_batch_norm_legit_no_training(Tensor input, Tensor? weight, Tensor? bias, Tensor running_mean, Tensor running_var, float momentum, float eps) -> (Tensor, Tensor, Tensor)")
        {
            OutName = "aten::_native_batch_norm_legit_no_training.out",
            OutCount = 3,
            Kernel = (in KernelArgs args) => WithStatistics(args, args.Double(6), 7),
            Shape = args => [args[0].AsSpec(), Empty(args), Empty(args)],
        },
        new("aten::_native_batch_norm_legit(Tensor input, Tensor? weight, Tensor? bias, Tensor(a!) running_mean, Tensor(b!) running_var, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)")
        {
            OutName = "aten::_native_batch_norm_legit.out",
            OutCount = 3,
            Kernel = Legit,
            Shape = args => args[5].AsBool() ? OfBatch(args) : [args[0].AsSpec(), Empty(args), Empty(args)],
            IsPure = false,
        },
        new("aten::_native_batch_norm_legit.no_stats(Tensor input, Tensor? weight, Tensor? bias, bool training, float momentum, float eps) -> (Tensor, Tensor, Tensor)")
        {
            OutName = "aten::_native_batch_norm_legit.no_stats_out",
            OutCount = 3,
            Kernel = WithoutStatistics,
            Shape = OfBatch,
        },
    ];

    private static void Legit(in KernelArgs args)
    {
        KernelChecks.Require(!args.Bool(5), "training is not supported");
        WithStatistics(args, args.Double(7), 8);
    }

    private static void WithStatistics(in KernelArgs args, double eps, int first)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(first);
        KernelChecks.ResizeOut(output, input.Sizes);
        KernelChecks.ResizeOut(args.Tensor(first + 1), [0]);
        KernelChecks.ResizeOut(args.Tensor(first + 2), [0]);
        Check(args, input, first);
        int axis = Math.Min(input.Rank - 1, 1);
        int channels = input.Sizes[axis];
        foreach (int i in (ReadOnlySpan<int>)[3, 4])
        {
            var statistics = args.Tensor(i);
            KernelChecks.SameType(input, statistics);
            KernelChecks.Require(statistics.Rank == 1 && statistics.Sizes[0] == channels, $"statistics {statistics} for {channels} channels");
        }
        if (Compute.OfFloating(input.Type) == ScalarType.Double)
            WithStatistics<double>(args, input, output, axis, eps);
        else
            WithStatistics<float>(args, input, output, axis, eps);
    }

    private static void WithStatistics<T>(in KernelArgs args, Tensor input, Tensor output, int axis, double eps) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var context = args.Context;
        Values<T> mean = Values<T>.Of(context, args.Tensor(3)), variance = Values<T>.Of(context, args.Tensor(4));
        using var rented = new Scratch<T>(mean.Span.Length);
        var rstd = rented.Span;
        for (int i = 0; i < rstd.Length; i++)
            rstd[i] = T.CreateTruncating(1 / Math.Sqrt(double.CreateTruncating(variance.Span[i]) + eps));
        Normalize<T>(args, input, output, axis, mean.Span, rstd);
        mean.Release();
        variance.Release();
    }

    private static void WithoutStatistics(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(6);
        Check(args, input, 6);
        KernelChecks.Require(input.Rank >= 2, $"an input of {input.Rank} dimensions");
        KernelChecks.ResizeOut(output, input.Sizes);
        KernelChecks.ResizeOut(args.Tensor(7), [input.Sizes[1]]);
        KernelChecks.ResizeOut(args.Tensor(8), [input.Sizes[1]]);
        if (Compute.OfFloating(input.Type) == ScalarType.Double)
            WithoutStatistics<double>(args, input, output);
        else
            WithoutStatistics<float>(args, input, output);
    }

    private static void WithoutStatistics<T>(in KernelArgs args, Tensor input, Tensor output) where T : unmanaged, IFloatingPointIeee754<T>
    {
        var context = args.Context;
        Values<T> x = Values<T>.Of(context, input), mean = Values<T>.For(context, args.Tensor(7)), rstd = Values<T>.For(context, args.Tensor(8));
        int batch = input.Sizes[0], channels = input.Sizes[1];
        int plane = input.Numel == 0 ? 0 : (int)(input.Numel / batch / channels);
        using var rented = new Scratch<T>(batch * plane);
        var values = rented.Span;
        for (int c = 0; c < channels; c++)
        {
            double sum = 0, squares = 0;
            for (int i = 0; i < batch; i++)
            {
                var part = x.Span.Slice(((i * channels) + c) * plane, plane);
                part.CopyTo(values[(i * plane)..]);
                if (typeof(T) != typeof(double))
                    continue;
                var (first, second) = Moments.SinglePrecisionSums(MemoryMarshal.Cast<T, double>(part));
                sum += first;
                squares += second;
            }
            var (mu, rs) = Moments.Of<T>(values, args.Double(5));
            if (typeof(T) == typeof(double))
            {
                mu = sum / values.Length;
                rs = 1 / Math.Sqrt((squares / values.Length) - (mu * mu) + args.Double(5));
            }
            mean.Span[c] = T.CreateTruncating(mu);
            rstd.Span[c] = T.CreateTruncating(rs);
        }
        Normalize<T>(args, input, output, 1, mean.Span, rstd.Span);
        mean.Store(context);
        rstd.Store(context);
        x.Release();
    }

    private static void Normalize<T>(in KernelArgs args, Tensor input, Tensor output, int axis, ReadOnlySpan<T> mean, ReadOnlySpan<T> rstd) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (input.Numel == 0)
            return;
        var context = args.Context;
        Values<T> x = Values<T>.Of(context, input), y = Values<T>.For(context, output);
        var w = args.OptionalTensor(1) is { } weight ? Values<T>.Of(context, weight) : default;
        var b = args.OptionalTensor(2) is { } bias ? Values<T>.Of(context, bias) : default;
        int channels = input.Sizes[axis];
        int plane = input.Strides[axis];
        for (int i = 0; i < x.Span.Length / plane; i++)
        {
            int c = i % channels;
            T m = mean[c], r = rstd[c], scale = w.Span.IsEmpty ? T.One : w.Span[c], shift = b.Span.IsEmpty ? T.Zero : b.Span[c];
            var from = x.Span.Slice(i * plane, plane);
            var to = y.Span.Slice(i * plane, plane);
            for (int j = 0; j < from.Length; j++)
                to[j] = ((from[j] - m) * r * scale) + shift;
        }
        y.Store(context);
        x.Release();
        w.Release();
        b.Release();
    }

    private static void Check(in KernelArgs args, Tensor input, int first)
    {
        KernelChecks.Require(input.Rank >= 1, "a zero-dimensional input");
        int channels = input.Sizes[Math.Min(input.Rank - 1, 1)];
        foreach (int i in (ReadOnlySpan<int>)[1, 2])
        {
            if (args.OptionalTensor(i) is not { } parameter)
                continue;
            KernelChecks.SameType(input, parameter);
            KernelChecks.Require(parameter.Rank == 1 && parameter.Sizes[0] == channels, $"a parameter {parameter} for {channels} channels");
        }
        for (int i = first; i < first + 3; i++)
        {
            KernelChecks.SameType(input, args.Tensor(i));
            KernelChecks.ContiguousOrder(args.Tensor(i));
        }
        KernelChecks.ContiguousOrder(input);
    }

    private static TensorSpec Empty(IReadOnlyList<Argument> args) => new(args[0].AsSpec().Type, 0);

    private static TensorSpec[] OfBatch(IReadOnlyList<Argument> args)
    {
        var input = args[0].AsSpec();
        Specs.Require(input.Rank >= 2, $"batch norm of {input}");
        var moments = new TensorSpec(input.Type, input.Sizes[1]);
        return [input, moments, moments];
    }
}
