using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;

namespace ExecuSharp.Import.Onnx;

/// <summary>Tensors of ONNX files as tensors of the runtime, in the types of <see cref="OnnxTensors"/>. Native types are not copied.</summary>
internal static class TensorDecoder
{
    private const int MaxRank = 32;
    private const long MaxSparseElements = 1L << 28;

    public static Tensor Decode(TensorProto proto, IExternalFiles? external)
    {
        long count = TensorBytes.Count(proto);
        if (proto.Dims.Count > MaxRank)
            throw new ModelFormatException($"{proto.Place} ({proto.Name})", $"at most {MaxRank} dimensions", $"{proto.Dims.Count}");
        var carrier = ElementTypes.Carrier(proto.DataType)
            ?? throw new ModelFormatException($"{proto.Place} ({proto.Name})", "elements that are numbers", $"type {proto.DataType}");
        var bytes = TensorBytes.Read(proto, external);
        int[] sizes = [.. proto.Dims.Select(d => (int)d)];
        if (carrier.SizeOf() * 8 == proto.DataType.Bits() && !ElementTypes.IsSmallFloat(proto.DataType))
            return new Tensor(carrier, sizes, MemoryMarshal.AsMemory(bytes));
        var tensor = Tensor.Empty(carrier, sizes);
        Widen(proto.DataType, bytes.Span, tensor, (int)count);
        return tensor;
    }

    public static Tensor Decode(SparseTensorProto sparse, IExternalFiles? external)
    {
        string where = sparse.Values.Place;
        var values = Decode(sparse.Values, external);
        var indices = Decode(sparse.Indices, external);
        long count = TensorBytes.Product(sparse.Dims, where);
        if (count > MaxSparseElements || indices.Type != ScalarType.Long)
            throw new ModelFormatException(where, $"at most {MaxSparseElements} elements and int64 indices", $"{count} elements, {indices}");
        var dense = Tensor.Empty(values.Type, [.. sparse.Dims.Select(d => (int)d)]);
        int size = values.Type.SizeOf(), rank = sparse.Dims.Count;
        bool linear = indices.Rank == 1;
        if (indices.Numel != values.Numel * (linear ? 1 : rank))
            throw new ModelFormatException(where, "an index for each value", $"{indices} for {values}");
        var at = indices.Span<long>();
        for (int i = 0; i < values.Numel; i++)
        {
            long position = 0;
            if (linear)
                position = at[i];
            else
                for (int d = 0; d < rank; d++)
                {
                    long coordinate = at[(i * rank) + d];
                    if (coordinate < 0 || coordinate >= sparse.Dims[d])
                        throw new ModelFormatException(where, "indices inside the tensor", $"{coordinate}");
                    position = (position * sparse.Dims[d]) + coordinate;
                }
            if (position < 0 || position >= count)
                throw new ModelFormatException(where, "indices inside the tensor", $"{position}");
            values.Bytes.Slice(i * size, size).CopyTo(dense.Bytes[(int)(position * size)..]);
        }
        return dense;
    }

    private static void Widen(OnnxDataType type, ReadOnlySpan<byte> from, Tensor to, int count)
    {
        switch (type)
        {
            case OnnxDataType.UInt16:
                Convert(MemoryMarshal.Cast<byte, ushort>(from), to.Span<int>());
                break;
            case OnnxDataType.UInt32:
                Convert(MemoryMarshal.Cast<byte, uint>(from), to.Span<long>());
                break;
            case OnnxDataType.UInt64:
                from.CopyTo(to.Bytes);
                break;
            case OnnxDataType.UInt4 or OnnxDataType.Int4 or OnnxDataType.UInt2 or OnnxDataType.Int2:
                int bits = type.Bits(), shift = 8 - bits;
                for (int i = 0; i < count; i++)
                {
                    int code = Code(from, i, bits);
                    to.Bytes[i] = (byte)(type is OnnxDataType.Int4 or OnnxDataType.Int2 ? (sbyte)(code << shift) >> shift : code);
                }
                break;
            default:
                for (int i = 0; i < count; i++)
                    to.Span<float>()[i] = SmallFloat.Of(type).Decode(Code(from, i, type.Bits()));
                break;
        }
    }

    private static int Code(ReadOnlySpan<byte> from, int index, int bits) => bits == 8 ? from[index]
        : (from[index * bits / 8] >> (index * bits % 8)) & ((1 << bits) - 1);

    private static void Convert(ReadOnlySpan<ushort> from, Span<int> to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i];
    }

    private static void Convert(ReadOnlySpan<uint> from, Span<long> to)
    {
        for (int i = 0; i < from.Length; i++)
            to[i] = from[i];
    }
}
