using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>The constants of one payload: weights and scales, inside it or as named data of the program, as the release wants them.</summary>
internal sealed class XnnConstants(ExecuTorchRelease target)
{
    private readonly List<XnnConstant> entries = [XnnConstant.Reserved];
    private readonly Dictionary<string, uint> indices = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> named = new(StringComparer.Ordinal);

    /// <summary>The table of the payload.</summary>
    public IReadOnlyList<XnnConstant> Entries => entries;

    /// <summary>Named data by key.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Named => named;

    /// <summary>Adds bytes and returns their index; equal bytes have one.</summary>
    public uint Add(ReadOnlyMemory<byte> bytes) => Add(bytes, "", target.HasNamedData);

    /// <summary>Scales of channels.</summary>
    public XnnPerChannel ChannelScales(float[] scales, int dimension)
    {
        if (!target.HasNamedScales)
            return new XnnPerChannel(scales, dimension, 0, 0);
        return new XnnPerChannel([], dimension, Add(MemoryMarshal.AsBytes<float>(scales).ToArray(), "scale_", isNamed: true), (uint)scales.Length);
    }

    /// <summary>Scales of groups of a row, rounded to bfloat16.</summary>
    public XnnPerChannelGroup GroupScales(float[] scales, int group)
    {
        if (!target.HasNamedScales)
            return new XnnPerChannelGroup(scales, 0, group, [], 0, 0);
        var rounded = Array.ConvertAll(scales, s => (BFloat16)s);
        return new XnnPerChannelGroup([], 0, group, [], Add(MemoryMarshal.AsBytes<BFloat16>(rounded).ToArray(), "scale_", isNamed: true), (uint)scales.Length);
    }

    /// <summary>Signed codes of four bits as XNNPACK wants them: plus 8, two to a byte, the even index of a row in the low half.</summary>
    public static Tensor Nibbles(Tensor codes)
    {
        int rows = codes.Sizes[0], columns = codes.Sizes[1], bytes = (columns + 1) / 2;
        var packed = Tensor.Empty(ScalarType.Byte, [rows, bytes]);
        var from = codes.Span<sbyte>();
        var to = packed.Span<byte>();
        for (int i = 0; i < from.Length; i++)
        {
            int column = i % columns;
            to[(i / columns * bytes) + (column / 2)] |= (byte)((from[i] + 8) << (column % 2 * 4));
        }
        return packed;
    }

    /// <summary>Text that is equal for equal quantization.</summary>
    public static string Describe(XnnQuantization? quantization) => quantization switch
    {
        null => "",
        XnnPerTensor p => string.Create(CultureInfo.InvariantCulture, $"{BitConverter.SingleToInt32Bits(p.Scale)},{p.ZeroPoint}"),
        XnnPerChannel p => string.Create(CultureInfo.InvariantCulture, $"{p.ChannelDim},{p.ScaleConstant},{Text(p.Scales)}"),
        XnnPerChannelGroup p => string.Create(CultureInfo.InvariantCulture, $"{p.GroupSize},{p.ScaleConstant},{Text(p.Scales)}"),
        _ => quantization.ToString()!,
    };

    private static string Text(float[] scales) => string.Join(";", scales.Select(BitConverter.SingleToInt32Bits));

    private uint Add(ReadOnlyMemory<byte> bytes, string prefix, bool isNamed)
    {
        string key = prefix + Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        MappedPages.Release(bytes);
        if (indices.TryGetValue(key, out uint index))
            return index;
        if (isNamed)
            named[key] = bytes;
        entries.Add(isNamed ? XnnConstant.Named(key, (ulong)bytes.Length) : XnnConstant.Inline(bytes));
        index = (uint)entries.Count - 1;
        indices.Add(key, index);
        return index;
    }
}
