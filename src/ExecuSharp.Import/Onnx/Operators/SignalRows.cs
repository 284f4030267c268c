using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Windows and Fourier transforms; transforms are products with matrices of cosines and sines.</summary>
internal static class SignalRows
{
    private const int MaxLength = 1 << 13;

    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("HannWindow", 17, n => [WindowOf(n, t => 0.5 - (0.5 * Math.Cos(t)))]),
        new("HammingWindow", 17, n => [WindowOf(n, t => (25.0 / 46) - (21.0 / 46 * Math.Cos(t)))]),
        new("BlackmanWindow", 17, n => [WindowOf(n, t => 0.42 - (0.5 * Math.Cos(t)) + (0.08 * Math.Cos(2 * t)))]),
        new("MelWeightMatrix", 17, n => [MelWeights(n)]),
        new("DFT", (17, n => [n.Same(Dft(n, n.Int("axis", 1)))]), (20, n => [n.Same(Dft(n, n.OptLongs(2, "the axis")?[0] ?? -2))])),
        new("STFT", 17, Stft),
    ];

    private static OnnxValue WindowOf(OnnxNode n, Func<double, double> shape)
    {
        long size = n.Longs(0, "the size")[0];
        if (size is < 0 or > 1 << 24)
            throw n.Bad("a size of 0 to 2^24", $"{size}");
        double period = n.Flag("periodic", true) ? size : size - 1;
        var type = (OnnxDataType)n.Int("output_datatype", 1);
        float[] values = [.. Enumerable.Range(0, Aten.Count(size)).Select(i => (float)shape(2 * Math.PI * i / Math.Max(period, 1)))];
        return OnnxNode.As(CastRows.Convert(n.Aten, n.Aten.Floats(values, values.Length), OnnxDataType.Float, type), type);
    }

    private static OnnxValue MelWeights(OnnxNode n)
    {
        int bins = (int)n.Longs(0, "num_mel_bins")[0], length = (int)n.Longs(1, "dft_length")[0];
        double rate = n.OptDoubles(2, "sample_rate")![0], low = n.OptDoubles(3, "lower_edge_hertz")![0], high = n.OptDoubles(4, "upper_edge_hertz")![0];
        if (bins is < 1 or > 1 << 16 || length is < 1 or > 1 << 20)
            throw n.Bad("positive sizes", $"{bins} bins, length {length}");
        int spectrum = (length / 2) + 1;
        double Mel(double hertz) => 2595 * Math.Log10(1 + (hertz / 700));
        double step = (Mel(high) - Mel(low)) / (bins + 2);
        var edges = Enumerable.Range(0, bins + 2).Select(i => (int)Math.Floor((length + 1) * (700 * (Math.Pow(10, ((i * step) + Mel(low)) / 2595) - 1)) / rate)).ToArray();
        var weights = new float[spectrum * bins];
        for (int b = 0; b < bins; b++)
        {
            int start = edges[b], center = edges[b + 1], end = edges[b + 2];
            if (center == start && center < spectrum)
                weights[(center * bins) + b] = 1;
            for (int j = start; center > start && j <= center && j < spectrum; j++)
                weights[(j * bins) + b] = (float)(j - start) / (center - start);
            for (int j = center; end > center && j < end && j < spectrum; j++)
                weights[(j * bins) + b] = (float)(end - j) / (end - center);
        }
        var type = (OnnxDataType)n.Int("output_datatype", 1);
        return OnnxNode.As(CastRows.Convert(n.Aten, n.Aten.Floats(weights, spectrum, bins), OnnxDataType.Float, type), type);
    }

    private static Value Dft(OnnxNode n, long axisGiven)
    {
        var x = n.X;
        int axis = n.Axis(axisGiven, x.Spec.Rank);
        long size = Aten.Sizes(x)[axis];
        // A one-sided spectrum of n values stands for a signal of 2 (n - 1).
        long length = n.OptLongs(1, "dft_length") is [var l] ? l : n.Flag("inverse") && n.Flag("onesided") ? 2 * (size - 1) : size;
        return Transform(n, x, axis, length, n.Flag("inverse"), n.Flag("onesided"));
    }

    /// <summary>The transform along an axis of a tensor whose last dimension holds real parts, or real and imaginary parts.</summary>
    private static Value Transform(OnnxNode n, Value x, int axis, long length, bool inverse, bool oneSided)
    {
        var a = n.Aten;
        if (length is < 1 or > MaxLength)
            throw n.Bad($"a length of 1 to {MaxLength}", $"{length}");
        int last = x.Spec.Rank - 1;
        long[] sizes = Aten.Sizes(x);
        bool complex = sizes[last] == 2;
        if (inverse && oneSided)
        {
            x = Mirror(a, x, axis, length);
            (sizes, complex) = (Aten.Sizes(x), true);
        }
        if (sizes[axis] < length)
        {
            long[] after = new long[sizes.Length];
            after[axis] = length - sizes[axis];
            x = a.Pad(x, new long[sizes.Length], after, 0);
        }
        else if (sizes[axis] > length)
            x = a.Slice(x, axis, 0, length);
        long outputs = oneSided && !inverse ? (length / 2) + 1 : length;
        // Angles are reduced before the cosine, so that large products stay exact.
        double sign = inverse ? 1 : -1, scale = inverse ? 1.0 / length : 1;
        Value Matrix(Func<double, double> f) => a.Cast(a.Constant(Tensor.From<double>(
            [.. Enumerable.Range(0, Aten.Count(length * outputs)).Select(i => scale * f(sign * 2 * Math.PI * (i / outputs * (i % outputs) % length) / length))], (int)length, (int)outputs)), x.Spec.Type);
        Value cos = Matrix(Math.Cos), sin = Matrix(Math.Sin);
        Value Along(Value part, Value matrix) => a.Transpose(a.Matmul(a.Transpose(a.Unsqueeze(part, 0), axis + 1, part.Spec.Rank), matrix), axis + 1, part.Spec.Rank);
        var real = a.Select(x, last, 0);
        Value re = Along(real, cos), im = Along(real, sin);
        if (complex)
        {
            var imaginary = a.Select(x, last, 1);
            (re, im) = (a.Sub(re, Along(imaginary, sin)), a.Add(im, Along(imaginary, cos)));
        }
        re = a.Squeeze(re, 0);
        return inverse && oneSided ? a.Unsqueeze(re, last) : a.Stack(last, re, a.Squeeze(im, 0));
    }

    /// <summary>The second half of the spectrum of a real signal: the first one mirrored and conjugated.</summary>
    private static Value Mirror(Aten a, Value x, int axis, long length)
    {
        long half = (length / 2) + 1;
        if (Aten.Sizes(x)[axis] > half)
            x = a.Slice(x, axis, 0, half);
        if (length < 3)
            return x;
        var rest = a.Flip(a.Slice(x, axis, 1, length - half + 1), axis);
        var conjugate = a.Mul(rest, a.Cast(a.Floats([1, -1], 2), x.Spec.Type));
        return a.Cat(axis, x, conjugate);
    }

    private static Value Stft(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        long step = n.Longs(1, "frame_step")[0];
        long length = n.OptLongs(3, "frame_length")?[0] ?? (n.Opt(2) is { } w ? w.Spec.MaxNumel : throw n.Bad("a frame length or a window", "neither"));
        long[] sizes = Aten.Sizes(x);
        if (x.Spec.Rank == 2)
        {
            x = a.Unsqueeze(x, 2);
            sizes = [.. sizes, 1];
        }
        if (step < 1 || length < 1 || length > sizes[1])
            throw n.Bad("frames inside the signal", $"length {length}, step {step}");
        long frames = ((sizes[1] - length) / step) + 1;
        if (frames > 1 << 20)
            throw n.Bad("fewer than 2^20 frames", $"{frames}");
        long[] index = [.. Enumerable.Range(0, Aten.Count(frames * length)).Select(i => (i / length * step) + (i % length))];
        var all = a.View(a.IndexSelect(x, 1, a.Constant(index)), sizes[0], frames, length, sizes[2]);
        if (n.Opt(2) is { } window)
            all = a.Mul(all, a.View(window, window.Spec.MaxNumel, 1));
        return Transform(n, all, 2, length, false, n.Flag("onesided", true));
    }
}
