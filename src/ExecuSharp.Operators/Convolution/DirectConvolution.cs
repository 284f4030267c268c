using System.Numerics;
using ExecuSharp.Kernels.Convolution;

namespace ExecuSharp.Operators.Convolution;

/// <summary>Convolutions of any number type on contiguous planes, one window element and one row at a time.</summary>
internal static class DirectConvolution
{
    /// <summary>output = bias + input * weight.</summary>
    public static void Forward<T>(in ConvolutionShape s, ReadOnlySpan<T> input, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> output) where T : unmanaged, INumberBase<T>
    {
        Start(s, bias, output);
        foreach (var step in new Steps(s))
        {
            T w = weight[step.Weight];
            for (int i = 0; i < step.Count; i++)
                output[step.Out + i] += w * input[step.In + (i * s.StrideX)];
        }
    }

    /// <summary>The gradient of the input, from that of the output.</summary>
    public static void InputGradient<T>(in ConvolutionShape s, ReadOnlySpan<T> gradient, ReadOnlySpan<T> weight, Span<T> target) where T : unmanaged, INumberBase<T>
    {
        target.Clear();
        foreach (var step in new Steps(s))
        {
            T w = weight[step.Weight];
            for (int i = 0; i < step.Count; i++)
                target[step.In + (i * s.StrideX)] += w * gradient[step.Out + i];
        }
    }

    /// <summary>The gradient of the weight.</summary>
    public static void WeightGradient<T>(in ConvolutionShape s, ReadOnlySpan<T> gradient, ReadOnlySpan<T> input, Span<T> target) where T : unmanaged, INumberBase<T>
    {
        target.Clear();
        foreach (var step in new Steps(s))
        {
            T sum = T.Zero;
            for (int i = 0; i < step.Count; i++)
                sum += gradient[step.Out + i] * input[step.In + (i * s.StrideX)];
            target[step.Weight] += sum;
        }
    }

    /// <summary>The gradient of the bias.</summary>
    public static void BiasGradient<T>(in ConvolutionShape s, ReadOnlySpan<T> gradient, Span<T> target) where T : unmanaged, INumberBase<T>
    {
        target.Clear();
        for (int i = 0; i < gradient.Length; i++)
            target[i / s.OutPlane % s.OutChannels] += gradient[i];
    }

    /// <summary>A transposed convolution: the gradient of the input of the convolution in the other direction, with weight [in, out / groups, …].</summary>
    public static void Transposed<T>(in ConvolutionShape s, ReadOnlySpan<T> input, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> output) where T : unmanaged, INumberBase<T>
    {
        Start(s, bias, output);
        var other = s with
        {
            InChannels = s.OutChannels,
            InHeight = s.OutHeight,
            InWidth = s.OutWidth,
            OutChannels = s.InChannels,
            OutHeight = s.InHeight,
            OutWidth = s.InWidth,
        };
        foreach (var step in new Steps(other))
        {
            T w = weight[step.Weight];
            for (int i = 0; i < step.Count; i++)
                output[step.In + (i * s.StrideX)] += w * input[step.Out + i];
        }
    }

    private static void Start<T>(in ConvolutionShape s, ReadOnlySpan<T> bias, Span<T> output) where T : unmanaged
    {
        output.Clear();
        if (!bias.IsEmpty)
            for (int i = 0; i < s.Batch * s.OutChannels; i++)
                output.Slice(i * s.OutPlane, s.OutPlane).Fill(bias[i % s.OutChannels]);
    }

    /// <summary>One weight over one row of outputs: outputs from Out on, inputs from In on with the column stride.</summary>
    private readonly record struct Step(int Out, int In, int Weight, int Count);

    private ref struct Steps(ConvolutionShape s)
    {
        private int image;
        private int channel;
        private int inner;
        private int y;
        private int ky;
        private int kx = -1;

        public Step Current { get; private set; }

        public readonly Steps GetEnumerator() => this;

        public bool MoveNext()
        {
            while (Advance())
            {
                int row = (y * s.StrideY) + (ky * s.DilationY) - s.PadTop;
                if ((uint)row >= (uint)s.InHeight)
                    continue;
                var (first, end) = s.Columns(kx);
                if (first >= end)
                    continue;
                int source = (image * s.InChannels) + (channel / s.OutPerGroup * s.InPerGroup) + inner;
                Current = new Step(
                    (((((image * s.OutChannels) + channel) * s.OutHeight) + y) * s.OutWidth) + first,
                    (((source * s.InHeight) + row) * s.InWidth) + (first * s.StrideX) + (kx * s.DilationX) - s.PadLeft,
                    (((((channel * s.InPerGroup) + inner) * s.KernelHeight) + ky) * s.KernelWidth) + kx,
                    end - first);
                return true;
            }
            return false;
        }

        private bool Advance()
        {
            if (s.KernelWidth == 0 || s.KernelHeight == 0 || s.InPerGroup == 0 || s.OutChannels == 0 || s.Batch == 0 || s.OutHeight == 0)
                return false;
            if (++kx < s.KernelWidth)
                return true;
            kx = 0;
            if (++ky < s.KernelHeight)
                return true;
            ky = 0;
            if (++inner < s.InPerGroup)
                return true;
            inner = 0;
            if (++y < s.OutHeight)
                return true;
            y = 0;
            if (++channel < s.OutChannels)
                return true;
            channel = 0;
            return ++image < s.Batch;
        }
    }
}
