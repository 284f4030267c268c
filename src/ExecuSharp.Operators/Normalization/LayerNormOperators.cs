using ExecuSharp.Core;
using ExecuSharp.Kernels.Normalization;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Normalization;

/// <summary>Normalisation over trailing dimensions, and over groups of channels.</summary>
internal static class LayerNormOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::native_layer_norm(Tensor input, SymInt[] normalized_shape, Tensor? weight, Tensor? bias, float eps) -> (Tensor, Tensor, Tensor)")
        {
            OutName = "aten::native_layer_norm.out",
            OutCount = 3,
            Kernel = Layer,
            Shape = LayerShape,
        },
        new("aten::native_group_norm(Tensor input, Tensor? weight, Tensor? bias, SymInt N, SymInt C, SymInt HxW, int group, float eps) -> (Tensor, Tensor, Tensor)")
        {
            OutName = "aten::native_group_norm.out",
            OutCount = 3,
            Kernel = Group,
            Shape = GroupShape,
        },
    ];

    private static void Layer(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(5), mean = args.Tensor(6), rstd = args.Tensor(7);
        var shape = args.Ints(1);
        Tensor? weight = args.OptionalTensor(2), bias = args.OptionalTensor(3);
        KernelChecks.Require(shape.Length >= 1 && input.Rank >= shape.Length, $"a normalized shape of {shape.Length} for {input.Rank} dimensions");
        int lead = input.Rank - shape.Length;
        for (int i = 0; i < shape.Length; i++)
            KernelChecks.Require(shape[i] == input.Sizes[lead + i], $"a normalized shape [{string.Join(", ", shape.ToArray())}] for {input}");
        foreach (var parameter in (ReadOnlySpan<Tensor?>)[weight, bias])
        {
            if (parameter is null)
                continue;
            KernelChecks.SameType(input, parameter);
            KernelChecks.Require(parameter.Sizes.SequenceEqual(input.Sizes[lead..]), $"a parameter {parameter} for {input}");
        }
        foreach (var other in (ReadOnlySpan<Tensor>)[output, mean, rstd])
            KernelChecks.SameType(input, other);
        Span<int> sizes = stackalloc int[input.Rank];
        sizes.Fill(1);
        input.Sizes[..lead].CopyTo(sizes);
        KernelChecks.ResizeOut(output, input.Sizes);
        KernelChecks.ResizeOut(mean, sizes);
        KernelChecks.ResizeOut(rstd, sizes);
        int rows = 1;
        foreach (int size in input.Sizes[..lead])
            rows *= size;
        if (rows == 0)
            return;
        if (Compute.OfFloating(input.Type) == ScalarType.Double)
            LayerDouble(args, rows, input, weight, bias, output, mean, rstd);
        else
            LayerFloat(args, rows, input, weight, bias, output, mean, rstd);
    }

    private static void LayerFloat(in KernelArgs args, int rows, Tensor input, Tensor? weight, Tensor? bias, Tensor output, Tensor mean, Tensor rstd)
    {
        var context = args.Context;
        Values<float> y = Values<float>.For(context, output), m = Values<float>.For(context, mean), r = Values<float>.For(context, rstd);
        int size = (int)(input.Numel / rows);
        if (size == 0)
        {
            m.Span.Clear();
            r.Span.Fill(float.NaN);
        }
        else
        {
            var x = Values<float>.Of(context, input);
            var w = weight is null ? default : Values<float>.Of(context, weight);
            var b = bias is null ? default : Values<float>.Of(context, bias);
            LayerNorm.Run(context, rows, size, x.Span, w.Span, b.Span, (float)args.Double(4), y.Span, m.Span, r.Span);
            x.Release();
            w.Release();
            b.Release();
        }
        y.Store(context);
        m.Store(context);
        r.Store(context);
    }

    private static void LayerDouble(in KernelArgs args, int rows, Tensor input, Tensor? weight, Tensor? bias, Tensor output, Tensor mean, Tensor rstd)
    {
        int size = (int)(input.Numel / rows);
        Span<double> x = input.Span<double>(), y = output.Span<double>(), m = mean.Span<double>(), r = rstd.Span<double>();
        Span<double> w = weight is null ? default : weight.Span<double>(), b = bias is null ? default : bias.Span<double>();
        for (int i = 0; i < rows; i++)
        {
            var row = x.Slice(i * size, size);
            (m[i], double std) = DoubleMoments(row, (float)args.Double(4));
            r[i] = 1 / std;
            for (int j = 0; j < size; j++)
                y[(i * size) + j] = ((row[j] - m[i]) / std * (w.IsEmpty ? 1 : w[j])) + (b.IsEmpty ? 0 : b[j]);
        }
    }

    // The official kernel computes the moments of short rows of Double in float32.
    private static (double Mean, double Std) DoubleMoments(ReadOnlySpan<double> row, float eps)
    {
        const int ShortRow = 256;
        if (row.Length is 0 or >= ShortRow)
        {
            double sum = 0, squares = 0;
            foreach (double v in row)
                sum += v;
            double exact = row.IsEmpty ? 0 : sum / row.Length;
            foreach (double v in row)
                squares += (v - exact) * (v - exact);
            return (exact, Math.Sqrt((squares / row.Length) + eps));
        }
        var (first, second) = Moments.SinglePrecisionSums(row);
        float mean = (float)first / row.Length;
        return (mean, MathF.Sqrt(((float)second / row.Length) - (mean * mean) + eps));
    }

    private static void Group(in KernelArgs args)
    {
        Tensor input = args.Tensor(0), output = args.Tensor(8), mean = args.Tensor(9), rstd = args.Tensor(10);
        Tensor? weight = args.OptionalTensor(1), bias = args.OptionalTensor(2);
        long n = args.Int(3), c = args.Int(4), plane = args.Int(5), groups = args.Int(6);
        KernelChecks.Require(input.Rank >= 2 && input.Sizes[0] == n && input.Sizes[1] == c && n >= 0 && c >= 0 && plane >= 0 && input.Numel == (Int128)n * c * plane, $"input {input} for N {n}, C {c}, HxW {plane}");
        KernelChecks.Require(groups > 0 && c % groups == 0, $"{groups} groups of {c} channels");
        foreach (var parameter in (ReadOnlySpan<Tensor?>)[weight, bias])
        {
            if (parameter is null)
                continue;
            KernelChecks.Require(parameter.Rank == 1 && parameter.Sizes[0] == c, $"a parameter {parameter} for {c} channels");
            KernelChecks.SameType(input, parameter);
        }
        foreach (var other in (ReadOnlySpan<Tensor>)[output, mean, rstd])
            KernelChecks.SameType(input, other);
        KernelChecks.ResizeOut(output, input.Sizes);
        KernelChecks.ResizeOut(mean, [(int)n, (int)groups]);
        KernelChecks.ResizeOut(rstd, [(int)n, (int)groups]);
        KernelChecks.ContiguousOrder(input);
        KernelChecks.SameDimOrders(input, output, mean, rstd);
        if (Compute.OfFloating(input.Type) == ScalarType.Double)
            Group<double>(args, input, weight, bias, output, mean, rstd, (int)(c / groups), (int)plane);
        else
            Group<float>(args, input, weight, bias, output, mean, rstd, (int)(c / groups), (int)plane);
    }

    private static void Group<T>(in KernelArgs args, Tensor input, Tensor? weight, Tensor? bias, Tensor output, Tensor mean, Tensor rstd, int channels, int plane)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        var context = args.Context;
        Values<T> x = Values<T>.Of(context, input), y = Values<T>.For(context, output), m = Values<T>.For(context, mean), r = Values<T>.For(context, rstd);
        var w = weight is null ? default : Values<T>.Of(context, weight);
        var b = bias is null ? default : Values<T>.Of(context, bias);
        int size = channels * plane, groups = mean.Sizes[1];
        for (int i = 0; i < m.Span.Length; i++)
        {
            var (mu, rs) = Moments.Of<T>(x.Span.Slice(i * size, size), args.Double(7));
            m.Span[i] = T.CreateTruncating(mu);
            r.Span[i] = T.CreateTruncating(rs);
            for (int j = 0; j < size; j++)
            {
                int channel = (i % groups * channels) + (j / plane);
                double scale = rs * (w.Span.IsEmpty ? 1 : double.CreateTruncating(w.Span[channel]));
                double shift = (b.Span.IsEmpty ? 0 : double.CreateTruncating(b.Span[channel])) - (scale * mu);
                y.Span[(i * size) + j] = T.CreateTruncating((scale * double.CreateTruncating(x.Span[(i * size) + j])) + shift);
            }
        }
        y.Store(context);
        m.Store(context);
        r.Store(context);
        x.Release();
        w.Release();
        b.Release();
    }

    private static TensorSpec[] LayerShape(IReadOnlyList<Argument> args)
    {
        var input = args[0].AsSpec();
        int count = args[1].AsList().Count;
        Specs.Require(count >= 1 && count <= input.Rank, $"layer norm of {input} over {count} dims");
        var moments = new TensorSpec(input.Type, [.. input.Sizes[..^count], .. Enumerable.Repeat((Dim)1, count)]);
        return [input, moments, moments];
    }

    private static TensorSpec[] GroupShape(IReadOnlyList<Argument> args)
    {
        var input = args[0].AsSpec();
        var moments = new TensorSpec(input.Type, input.Sizes[0], args[6].AsInt());
        return [input, moments, moments];
    }
}
