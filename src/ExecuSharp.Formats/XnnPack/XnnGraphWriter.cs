using ExecuSharp.Formats.FlatBuffers;

namespace ExecuSharp.Formats.XnnPack;

internal static class XnnGraphWriter
{
    public static FlatTableBuilder Write(XnnGraph graph, out byte[] data)
    {
        var entries = Constants(graph.Constants, out data);
        return new FlatTableBuilder()
            .String(0, graph.Version)
            .Child(1, FlatVectorBuilder.Tables([.. graph.Nodes.Select(XnnNodeWriter.Write)]))
            .Child(2, FlatVectorBuilder.Tables([.. graph.Values.Select(Value)]))
            .UInt32(3, graph.NumExterns)
            .Child(4, FlatVectorBuilder.UInt32s(graph.InputIds))
            .Child(5, FlatVectorBuilder.UInt32s(graph.OutputIds))
            .Child(7, graph.MemBufferSizes.Length == 0 ? null : FlatVectorBuilder.UInt32s(graph.MemBufferSizes))
            .Child(8, entries);
    }

    private static FlatVectorBuilder Constants(IReadOnlyList<XnnConstant> constants, out byte[] data)
    {
        var region = new MemoryStream();
        var entries = new List<FlatObject>();
        foreach (var constant in constants)
        {
            var entry = new FlatTableBuilder();
            if (constant.NamedKey is { } key)
                entry.UInt64(0, ulong.MaxValue).UInt64(1, constant.Size).String(2, key);
            else if (constant.Data is { Length: > 0 } bytes)
            {
                entry.UInt64(0, (ulong)region.Length).UInt64(1, (ulong)bytes.Length);
                region.Write(bytes.Span);
                region.SetLength(XnnPayload.Align(checked((int)region.Length)));
                region.Position = region.Length;
            }
            entries.Add(entry);
        }
        data = region.ToArray();
        return FlatVectorBuilder.Tables(entries);
    }

    private static FlatObject Value(XnnValue value)
    {
        var tensor = new FlatTableBuilder()
            .Int16(0, (short)value.Datatype)
            .UInt32(1, value.NumDims)
            .Child(2, FlatVectorBuilder.UInt32s(value.Dims))
            .UInt32(3, value.ConstantIndex)
            .UInt32(4, value.ExternalId)
            .UInt32(5, value.Flags)
            .UInt32(6, value.Id)
            .Int16(7, (short)value.DynamicDatatype);
        if (value.Quantization is not { } quantization)
            return new FlatTableBuilder().Union(0, 1, tensor);
        var quantized = new FlatTableBuilder().Child(0, tensor);
        switch (quantization)
        {
            case XnnPerChannel q:
                quantized.Union(1, 1, new FlatTableBuilder().Child(0, FlatVectorBuilder.Singles(q.Scales)).Int32(1, q.ChannelDim).UInt32(2, q.ScaleConstant).UInt32(3, q.ScaleCount));
                break;
            case XnnPerTensor q:
                quantized.Union(1, 2, new FlatTableBuilder().Single(0, q.Scale).Int32(1, q.ZeroPoint));
                break;
            case XnnPerToken q:
                quantized.Union(1, 3, new FlatTableBuilder().Int32(0, q.NonBatchDims));
                break;
            case XnnPerChannelGroup q:
                quantized.Union(1, 4, new FlatTableBuilder()
                    .Child(0, FlatVectorBuilder.Singles(q.Scales)).Int32(1, q.ChannelDim).Int32(2, q.GroupSize)
                    .Child(3, q.ScalesBFloat16.Length == 0 ? null : FlatVectorBuilder.UInt16s(q.ScalesBFloat16))
                    .UInt32(4, q.ScaleConstant).UInt32(5, q.ScaleCount));
                break;
            default:
                throw new NotSupportedException($"no way to write {quantization}");
        }
        return new FlatTableBuilder().Union(0, 2, quantized);
    }
}
