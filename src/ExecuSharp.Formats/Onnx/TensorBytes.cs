using System.Globalization;
using System.Runtime.InteropServices;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.Onnx;

/// <summary>
/// The elements of a tensor as little-endian bytes, wherever the file keeps them: raw_data (not copied), a typed field, or another file beside
/// the model. 2-bit and 4-bit elements stay packed, low bits first.
/// </summary>
public static class TensorBytes
{
    /// <summary>Number of elements.</summary>
    /// <exception cref="ModelFormatException">An unknown type, a negative size, or a count that overflows.</exception>
    public static long Count(TensorProto tensor)
    {
        if (!tensor.DataType.IsKnown())
            throw new ModelFormatException(Where(tensor), "a data type from 1 to 26", ((int)tensor.DataType).ToString(CultureInfo.InvariantCulture));
        return Product(tensor.Dims, Where(tensor));
    }

    /// <summary>The elements' bytes.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="external">Opens a file of external data by its location; null where there is none.</param>
    /// <exception cref="ModelFormatException">Text, a size that does not fit, or external data that is missing, too short, or outside the model's folder.</exception>
    public static ReadOnlyMemory<byte> Read(TensorProto tensor, IExternalFiles? external)
    {
        long count = Count(tensor);
        int bits = tensor.DataType.Bits();
        if (bits == 0)
            throw new ModelFormatException(Where(tensor), "numbers", $"elements of type {tensor.DataType}");
        if (count > long.MaxValue / 128)
            throw new ModelFormatException(Where(tensor), "sizes that fit the data", $"[{string.Join(", ", tensor.Dims)}]");
        long length = ((count * bits) + 7) / 8;
        var bytes = tensor.IsExternal ? External(tensor, length, external) : tensor.RawData ?? Typed(tensor);
        if (bytes.Length != length)
            throw new ModelFormatException(Where(tensor), $"{length} bytes for {tensor.DataType}[{string.Join(", ", tensor.Dims)}]", $"{bytes.Length} bytes");
        return bytes;
    }

    /// <summary>The product of sizes.</summary>
    /// <exception cref="ModelFormatException">A negative size, or an overflow.</exception>
    public static long Product(IReadOnlyList<long> dims, string where)
    {
        Int128 count = 1;
        bool empty = false;
        foreach (long d in dims)
        {
            if (d < 0)
                throw new ModelFormatException(where, "sizes of 0 or more", $"[{string.Join(", ", dims)}]");
            empty |= d == 0;
            count *= Math.Max(d, 1);
            if (count > long.MaxValue || d > int.MaxValue)
                throw new ModelFormatException(where, "sizes that fit the data", $"[{string.Join(", ", dims)}]");
        }
        return empty ? 0 : (long)count;
    }

    private static ReadOnlyMemory<byte> Typed(TensorProto t) => t.DataType switch
    {
        OnnxDataType.Float or OnnxDataType.Complex64 => Copy([.. t.FloatData]),
        OnnxDataType.Double or OnnxDataType.Complex128 => Copy([.. t.DoubleData]),
        OnnxDataType.Int64 => Copy([.. t.Int64Data]),
        OnnxDataType.UInt64 => Copy([.. t.UInt64Data]),
        OnnxDataType.UInt32 => Copy([.. t.UInt64Data.Select(v => unchecked((uint)v))]),
        OnnxDataType.Int32 => Copy([.. t.Int32Data]),
        OnnxDataType.Int16 or OnnxDataType.UInt16 or OnnxDataType.Float16 or OnnxDataType.BFloat16 => Copy([.. t.Int32Data.Select(v => unchecked((ushort)v))]),
        _ => t.Int32Data.Select(v => unchecked((byte)v)).ToArray(),
    };

    private static byte[] Copy<T>(T[] values) where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    private static ReadOnlyMemory<byte> External(TensorProto tensor, long length, IExternalFiles? external)
    {
        string where = Where(tensor);
        string location = Entry(tensor, "location") ?? throw new ModelFormatException(where, "the location of external data", "none");
        long offset = Number(tensor, "offset") ?? 0;
        if (Number(tensor, "length") is { } given && given != length)
            throw new ModelFormatException(where, $"{length} bytes for {tensor.DataType}[{string.Join(", ", tensor.Dims)}]", $"external data of {given} bytes");
        if (external is null)
            throw new ModelFormatException(where, "data in the file itself", $"data in the file {location}");
        try
        {
            return external.Read(location, offset, length);
        }
        catch (ModelFormatException e)
        {
            throw new ModelFormatException($"{where}, external data {location}", e.Expected, e.Found, null, e);
        }
    }

    private static string? Entry(TensorProto tensor, string key)
    {
        foreach (var (k, v) in tensor.ExternalData)
            if (k == key)
                return v;
        return null;
    }

    private static long? Number(TensorProto tensor, string key) => Entry(tensor, key) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long n) ? n
        : throw new ModelFormatException($"{Where(tensor)}, {key} of external data", "a number", $"\"{text}\"");

    private static string Where(TensorProto tensor) => $"{tensor.Place} ({tensor.Name})";
}
