using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Reads constants as numbers.</summary>
internal static class WeightReader
{
    /// <summary>The values of a float constant.</summary>
    public static float[] Floats(XnnTensor tensor)
    {
        var bytes = tensor.Constant.Span;
        return tensor.Type switch
        {
            XnnDatatype.Fp32 => MemoryMarshal.Cast<byte, float>(bytes)[..tensor.Numel].ToArray(),
            XnnDatatype.Fp16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes)[..tensor.Numel].ToArray(), h => (float)h),
            XnnDatatype.BFloat16 => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes)[..tensor.Numel].ToArray(), b => (float)new BFloat16(b)),
            _ => throw new ExecuTorchException(ErrorCode.Internal, $"{tensor} is no float constant"),
        };
    }

    /// <summary>The codes of an 8-bit or 4-bit constant without a zero point.</summary>
    public static sbyte[] Codes(XnnTensor tensor)
    {
        var bytes = tensor.Constant.Span;
        if (tensor.Type is XnnDatatype.QInt8 or XnnDatatype.QCInt8)
            return MemoryMarshal.Cast<byte, sbyte>(bytes)[..tensor.Numel].ToArray();
        if (tensor.Type is not (XnnDatatype.QCInt4 or XnnDatatype.QBInt4))
            throw new ExecuTorchException(ErrorCode.Internal, $"{tensor} holds no signed codes");
        int columns = tensor.Sizes[tensor.Rank - 1], rows = columns == 0 ? 0 : tensor.Numel / columns, stride = (columns + 1) / 2;
        var codes = new sbyte[tensor.Numel];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                codes[(r * columns) + c] = (sbyte)(((bytes[(r * stride) + (c / 2)] >> (4 * (c & 1))) & 15) - 8);
        return codes;
    }

    /// <summary>The whole numbers of an 8-bit constant with its zero point taken away.</summary>
    public static int[] Differences(XnnTensor tensor) => tensor.Type == XnnDatatype.QUInt8
        ? Array.ConvertAll(tensor.Constant.Span[..tensor.Numel].ToArray(), b => b - tensor.ZeroPoint)
        : Array.ConvertAll(Codes(tensor), c => c - tensor.ZeroPoint);

    /// <summary>A 32-bit bias, or zeros.</summary>
    public static int[] Integers(XnnTensor? tensor, int count) =>
        tensor is null ? new int[count] : MemoryMarshal.Cast<byte, int>(tensor.Constant.Span)[..count].ToArray();

    /// <summary>A scale for each output channel.</summary>
    public static float[] Scales(XnnTensor tensor, int count)
    {
        if (tensor.ChannelScales is not { } scales)
            return [.. Enumerable.Repeat(tensor.Scale, count)];
        return scales.Length == count ? scales : throw new ExecuTorchException(ErrorCode.Internal, $"{scales.Length} scales of {tensor} for {count} output channels");
    }

    /// <summary>input scale * weight scale / output scale for each output channel.</summary>
    /// <exception cref="ExecuTorchException">Internal: a factor of 256 or more, which XNNPACK refuses.</exception>
    public static float[] Requantization(XnnTensor input, XnnTensor filter, XnnTensor output, int count)
    {
        var scales = Array.ConvertAll(Scales(filter, count), s => input.Scale * s / output.Scale);
        return Array.Exists(scales, s => s >= 256f) ? throw new ExecuTorchException(ErrorCode.Internal, $"the scales of {input}, {filter} and {output} give a factor of 256 or more") : scales;
    }
}
