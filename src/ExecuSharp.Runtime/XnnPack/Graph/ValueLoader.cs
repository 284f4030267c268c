using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Runtime.Backends;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Checks the values of a graph as the official backend does and finds the bytes of constants.</summary>
internal sealed class ValueLoader(XnnGraph graph, INamedData data)
{
    private readonly ValueTable table = new();

    public ValueTable Load()
    {
        foreach (var value in graph.Values)
            Load(value);
        return table;
    }

    private void Load(XnnValue value)
    {
        if (value.UnknownMember != 0)
            throw new ExecuTorchException(ErrorCode.NotImplemented, $"a value of unknown kind {value.UnknownMember}");
        if ((value.Flags & ~3u) != 0)
            throw new ExecuTorchException(ErrorCode.InvalidProgram, $"value {value.Id} has unknown flags 0x{value.Flags:x}");
        var bytes = Constant(value.ConstantIndex, $"value {value.Id}");
        if (value.Dims.Length > XnnTensor.MostRank)
            throw Refuse(value, $"{value.Dims.Length} dimensions, at most {XnnTensor.MostRank} are allowed");
        if (Array.Exists(value.Dims, d => d > int.MaxValue))
            throw Refuse(value, "a size that is too large");
        if (value.ExternalId != XnnValue.None && value.ExternalId >= graph.NumExterns)
            throw Refuse(value, $"external id {value.ExternalId} of {graph.NumExterns}");
        if (value.Flags != 0 && value.ExternalId == XnnValue.None)
            throw Refuse(value, "external flags without an external id");
        bool legacy = CheckLegacy(value, bytes);
        var tensor = Quantized(value, Describe(value, bytes), bytes);
        CheckBytes(value, tensor);
        if (legacy && value.Quantization is null)
            AddLegacy(value, tensor);
        else
            table.Add(tensor);
    }

    private static bool CheckLegacy(XnnValue value, ReadOnlyMemory<byte>? bytes)
    {
        if (value.DynamicDatatype == XnnDatatype.Invalid)
            return false;
        if (value.DynamicDatatype != XnnDatatype.QInt8)
            throw Refuse(value, $"conversion to {value.DynamicDatatype}, only QInt8 is known");
        if ((value.Flags & XnnValue.ExternalInput) == 0)
            throw Refuse(value, "conversion of a value that is no external input");
        if (value.Quantization is null && (value.ExternalId == XnnValue.None || bytes is not null))
            throw Refuse(value, "conversion of a value that is no external input");
        return true;
    }

    private void AddLegacy(XnnValue value, XnnTensor tensor)
    {
        var quantized = new XnnTensor { Id = value.Id, Type = XnnDatatype.QDInt8, Declared = tensor.Declared, NonBatchDims = 1 };
        table.Add(quantized);
        table.AddHidden(tensor);
        table.Conversions.Add((tensor, quantized));
    }

    private static XnnTensor Describe(XnnValue value, ReadOnlyMemory<byte>? bytes) => new()
    {
        Id = value.Id,
        Type = value.Datatype,
        Declared = Array.ConvertAll(value.Dims, d => (int)d),
        IsInput = (value.Flags & XnnValue.ExternalInput) != 0,
        IsOutput = (value.Flags & XnnValue.ExternalOutput) != 0,
        External = value.ExternalId == XnnValue.None || value.Flags == 0 ? -1 : (int)value.ExternalId,
        IsConstant = bytes is not null,
        Constant = bytes ?? default,
    };

    private XnnTensor Quantized(XnnValue value, XnnTensor plain, ReadOnlyMemory<byte>? bytes) => value.Quantization switch
    {
        null => value.Datatype.IsFloat() || value.Datatype is XnnDatatype.Int32 or XnnDatatype.PFp32 ? plain : throw Refuse(value, "a type that needs quantization parameters"),
        XnnPerTensor q => PerTensor(value, plain, q),
        XnnPerChannel q => PerChannel(value, plain, q),
        XnnPerChannelGroup q => PerGroup(value, plain, q),
        XnnPerToken q => PerToken(value, plain, q, bytes),
        _ => throw new ExecuTorchException(ErrorCode.NotImplemented, $"value {value.Id} has an unknown kind of quantization"),
    };

    private static XnnTensor PerTensor(XnnValue value, XnnTensor plain, XnnPerTensor q)
    {
        bool point = value.Datatype switch
        {
            XnnDatatype.QInt8 => q.ZeroPoint is >= -128 and <= 127,
            XnnDatatype.QUInt8 => q.ZeroPoint is >= 0 and <= 255,
            XnnDatatype.QInt32 => q.ZeroPoint == 0,
            _ => throw Refuse(value, "a scale for a type that takes none"),
        };
        if (!point)
            throw Refuse(value, $"zero point {q.ZeroPoint}");
        CheckScale(value, q.Scale);
        return Copy(plain, scale: q.Scale, zeroPoint: q.ZeroPoint);
    }

    private XnnTensor PerChannel(XnnValue value, XnnTensor plain, XnnPerChannel q)
    {
        if (value.Datatype is not (XnnDatatype.QCInt8 or XnnDatatype.QCInt4 or XnnDatatype.QCInt32))
            throw Refuse(value, "scales of channels for a type that takes none");
        if (q.ChannelDim < 0 || q.ChannelDim >= value.Dims.Length)
            throw Refuse(value, $"channel dimension {q.ChannelDim} of {value.Dims.Length}");
        int channels = (int)value.Dims[q.ChannelDim];
        float[] scales = q.Scales;
        if (q.ScaleConstant != 0)
        {
            var stored = Constant(q.ScaleConstant, $"the scales of value {value.Id}")!.Value;
            if (stored.Length < 4L * channels)
                throw Refuse(value, $"{stored.Length} bytes of scales for {channels} channels");
            scales = MemoryMarshal.Cast<byte, float>(stored.Span)[..channels].ToArray();
        }
        if (scales.Length < channels)
            throw Refuse(value, $"{scales.Length} scales for {channels} channels");
        foreach (float scale in scales.AsSpan(0, channels))
            CheckScale(value, scale);
        return Copy(plain, channelScales: scales[..channels], channelDim: q.ChannelDim);
    }

    private XnnTensor PerGroup(XnnValue value, XnnTensor plain, XnnPerChannelGroup q)
    {
        if (value.Datatype != XnnDatatype.QBInt4 || value.Dims.Length != 2)
            throw Refuse(value, "scales of blocks for a type that takes none");
        long rows = value.Dims[0], columns = value.Dims[1];
        if (q.GroupSize < 32 || q.GroupSize % 32 != 0 || columns % q.GroupSize != 0)
            throw Refuse(value, $"blocks of {q.GroupSize} in rows of {columns}");
        long count = rows * columns / q.GroupSize;
        float[] scales;
        if (q.ScaleConstant != 0)
        {
            var stored = Constant(q.ScaleConstant, $"the scales of value {value.Id}")!.Value;
            if (q.ScaleCount != count || stored.Length < 2 * count)
                throw Refuse(value, $"{q.ScaleCount} scales in {stored.Length} bytes, {count} are needed");
            scales = Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(stored.Span)[..(int)count].ToArray(), b => (float)new BFloat16(b));
        }
        else
        {
            if (q.Scales.Length != count)
                throw Refuse(value, $"{q.Scales.Length} scales, {count} are needed");
            // Old files store float32; the factor makes the truncation to bfloat16 round.
            scales = Array.ConvertAll(q.Scales, s => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(s * 1.00389105f) & 0xFFFF0000));
        }
        foreach (float scale in scales)
            CheckScale(value, scale);
        return Copy(plain, blockScales: scales, groupSize: q.GroupSize, channelDim: q.ChannelDim);
    }

    private static XnnTensor PerToken(XnnValue value, XnnTensor plain, XnnPerToken q, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is not null)
            throw Refuse(value, "constant data for a value that is quantized at run time");
        if (value.Datatype != XnnDatatype.QDInt8 || plain.External >= 0)
            throw Refuse(value, "quantization at run time for a type or place that takes none");
        if (q.NonBatchDims < 0 || q.NonBatchDims > value.Dims.Length)
            throw Refuse(value, $"{q.NonBatchDims} trailing dimensions of {value.Dims.Length}");
        return Copy(plain, nonBatchDims: q.NonBatchDims);
    }

    private static XnnTensor Copy(XnnTensor t, float scale = 0, int zeroPoint = 0, float[]? channelScales = null, int channelDim = 0, float[]? blockScales = null, int groupSize = 0, int nonBatchDims = 0) => new()
    {
        Id = t.Id,
        Type = t.Type,
        Declared = t.Declared,
        IsInput = t.IsInput,
        IsOutput = t.IsOutput,
        External = t.External,
        IsConstant = t.IsConstant,
        Constant = t.Constant,
        Scale = scale,
        ZeroPoint = zeroPoint,
        ChannelScales = channelScales,
        ChannelDim = channelDim,
        BlockScales = blockScales,
        GroupSize = groupSize,
        NonBatchDims = nonBatchDims,
    };

    private static void CheckBytes(XnnValue value, XnnTensor tensor)
    {
        if (!tensor.IsConstant)
            return;
        long count = 1;
        foreach (int d in tensor.Declared)
            count = count > int.MaxValue ? long.MaxValue / int.MaxValue : count * d;
        long need = tensor.Type is XnnDatatype.QCInt4 or XnnDatatype.QBInt4
            ? (tensor.Declared.Length == 0 ? 0 : count / Math.Max(1, tensor.Declared[^1]) * ((tensor.Declared[^1] + 1) / 2))
            : count * tensor.ElementSize;
        if (need > tensor.Constant.Length)
            throw new ExecuTorchException(ErrorCode.InvalidProgram, $"value {value.Id} needs {need} bytes, its constant has {tensor.Constant.Length}");
        tensor.SetShape(tensor.Declared);
    }

    private static void CheckScale(XnnValue value, float scale)
    {
        if (!(scale > 0) || !float.IsNormal(scale))
            throw Refuse(value, $"scale {scale}");
    }

    private ReadOnlyMemory<byte>? Constant(uint index, string what)
    {
        if (index == 0)
            return null;
        if (index >= graph.Constants.Count)
            throw new ExecuTorchException(ErrorCode.InvalidProgram, $"{what} is constant {index} of {graph.Constants.Count}");
        var constant = graph.Constants[(int)index];
        if (constant.NamedKey is { } key)
            return data.TryGet(key, out var bytes) ? bytes : throw new ExecuTorchException(ErrorCode.NotFound, $"{what} is named data \"{key}\", which the program does not have");
        return constant.Data ?? throw new ExecuTorchException(ErrorCode.InvalidProgram, $"{what} is constant {index}, which lies outside the payload");
    }

    private static ExecuTorchException Refuse(XnnValue value, string found) => new(ErrorCode.Internal, $"value {value.Id} of type {value.Datatype}: {found}");
}
