using ExecuSharp.Formats.FlatBuffers;

namespace ExecuSharp.Formats.XnnPack;

internal static class XnnGraphReader
{
    public static XnnGraph Read(FlatTable root, ReadOnlyMemory<byte>? constants)
    {
        var nodes = root.Vector(1, 4);
        var values = root.Vector(2, 4);
        return new XnnGraph
        {
            Version = root.String(0),
            Nodes = [.. Enumerable.Range(0, nodes.Count).Select(i => XnnNodeReader.Read(nodes.Table(i, "XNode")))],
            Values = [.. Enumerable.Range(0, values.Count).Select(i => Value(values.Table(i, "XValue")))],
            NumExterns = root.UInt32(3),
            InputIds = root.Vector(4, 4).UInt32s(),
            OutputIds = root.Vector(5, 4).UInt32s(),
            MemBufferSizes = root.Vector(7, 4).UInt32s(),
            Constants = constants is { } region ? Constants(root.Vector(8, 4), region) : LegacyConstants(root.Vector(6, 4)),
            IsComplete = nodes.IsPresent && values.IsPresent,
        };
    }

    private static XnnConstant[] LegacyConstants(FlatVector buffers)
    {
        var result = new XnnConstant[buffers.Count];
        for (int i = 0; i < result.Length; i++)
        {
            var buffer = buffers.Table(i, "Buffer");
            result[i] = buffer.Has(0) ? XnnConstant.Inline(buffer.Bytes(0)) : new XnnConstant(null, null, 0);
        }
        return result;
    }

    private static XnnConstant[] Constants(FlatVector entries, ReadOnlyMemory<byte> region)
    {
        var result = new XnnConstant[entries.Count];
        for (int i = 0; i < result.Length; i++)
        {
            var entry = entries.Table(i, "ConstantDataOffset");
            ulong offset = entry.UInt64(0), size = entry.UInt64(1);
            bool inside = offset <= (ulong)region.Length && size <= (ulong)region.Length - offset;
            result[i] = entry.Has(2)
                ? new XnnConstant(null, entry.String(2), size)
                : new XnnConstant(inside ? region.Slice((int)offset, (int)size) : (ReadOnlyMemory<byte>?)null, null, size);
        }
        return result;
    }

    private static XnnValue Value(FlatTable value)
    {
        byte member = value.Byte(0);
        switch (member)
        {
            case 1:
                return Tensor(value.RequiredTable(1, "XNNTensorValue"), null);
            case 2:
                var quantized = value.RequiredTable(1, "XNNQuantizedTensorValue");
                return Tensor(quantized.RequiredTable(0, "XNNTensorValue"), Quantization(quantized));
            default:
                return new XnnValue { Id = XnnValue.None, Datatype = XnnDatatype.Invalid, UnknownMember = member == 0 ? byte.MaxValue : member };
        }
    }

    private static XnnValue Tensor(FlatTable t, XnnQuantization? quantization) => new()
    {
        Datatype = (XnnDatatype)t.Int16(0),
        NumDims = t.UInt32(1),
        Dims = t.Vector(2, 4).UInt32s(),
        ConstantIndex = t.UInt32(3),
        ExternalId = t.UInt32(4),
        Flags = t.UInt32(5),
        Id = t.UInt32(6),
        DynamicDatatype = (XnnDatatype)t.Int16(7),
        Quantization = quantization,
    };

    private static XnnQuantization Quantization(FlatTable value)
    {
        byte member = value.Byte(1);
        if (member is 0 or > 4)
            return new XnnUnknownQuantization(member);
        var q = value.RequiredTable(2, "XNNQuantParams");
        return member switch
        {
            1 => new XnnPerChannel(q.Vector(0, 4).Singles(), q.Int32(1), q.UInt32(2), q.UInt32(3)),
            2 => new XnnPerTensor(q.Single(0), q.Int32(1)),
            3 => new XnnPerToken(q.Int32(0)),
            _ => new XnnPerChannelGroup(q.Vector(0, 4).Singles(), q.Int32(1), q.Int32(2), UInt16s(q.Vector(3, 2)), q.UInt32(4), q.UInt32(5)),
        };
    }

    private static ushort[] UInt16s(FlatVector vector)
    {
        var result = new ushort[vector.Count];
        for (int i = 0; i < result.Length; i++)
            result[i] = vector.UInt16(i);
        return result;
    }
}
