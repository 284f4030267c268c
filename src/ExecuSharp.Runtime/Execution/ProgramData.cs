using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Runtime.Backends;

namespace ExecuSharp.Runtime.Execution;

/// <summary>The constant bytes of a program: by index, by mutable index, and by key.</summary>
internal sealed class ProgramData : INamedData
{
    private readonly PteProgram program;
    private readonly Dictionary<string, int> named = new(StringComparer.Ordinal);

    public ProgramData(PteProgram program, IReadOnlyList<ByteSource> dataFiles)
    {
        this.program = program;
        foreach (var entry in program.NamedData)
            named.TryAdd(entry.Key, (int)entry.SegmentIndex);
        if (dataFiles.Count > 0)
            External = new ExternalData(dataFiles);
    }

    public ExternalData? External { get; }

    public bool TryGet(string key, out ReadOnlyMemory<byte> bytes)
    {
        if (External is not null && External.TryGetBytes(key, out bytes))
            return true;
        if (named.TryGetValue(key, out int segment))
        {
            bytes = program.SegmentBytes(segment);
            return true;
        }
        bytes = default;
        return false;
    }

    /// <summary>The bytes of constant <paramref name="index"/>.</summary>
    public ReadOnlyMemory<byte> Constant(uint index, long bytes)
    {
        if (!program.HasConstantSegment)
        {
            if (index >= program.ConstantBuffer.Count)
                throw new ExecuTorchException(ErrorCode.InvalidArgument, $"constant {index} of {program.ConstantBuffer.Count}");
            var buffer = program.ConstantBuffer[(int)index];
            if (buffer.Length < bytes)
                throw new ExecuTorchException(ErrorCode.InvalidArgument, $"constant {index} has {buffer.Length} bytes, the tensor needs {bytes}");
            return buffer[..(int)bytes];
        }
        return Range(program.ConstantSegment!, index, bytes, ErrorCode.InvalidArgument, ErrorCode.InvalidArgument, "constant");
    }

    /// <summary>The initial bytes of mutable buffer <paramref name="index"/>.</summary>
    public ReadOnlyMemory<byte> Mutable(ulong table, uint index, long bytes)
    {
        if (table >= (ulong)program.MutableDataSegments.Count)
            throw new ExecuTorchException(ErrorCode.NotFound, $"mutable data segment {table} of {program.MutableDataSegments.Count}");
        return Range(program.MutableDataSegments[(int)table], index, bytes, ErrorCode.NotFound, ErrorCode.InvalidArgument, "initial value");
    }

    private ReadOnlyMemory<byte> Range(PteSubsegments table, uint index, long bytes, ErrorCode missing, ErrorCode outside, string what)
    {
        if (index >= table.Offsets.Count)
            throw new ExecuTorchException(missing, $"{what} {index} of {table.Offsets.Count}");
        if (table.SegmentIndex >= program.Segments.Count)
            throw new ExecuTorchException(missing, $"segment {table.SegmentIndex} of {program.Segments.Count}");
        var segment = program.SegmentBytes((int)table.SegmentIndex);
        ulong offset = table.Offsets[(int)index];
        if (offset > (ulong)segment.Length || (ulong)bytes > (ulong)segment.Length - offset)
            throw new ExecuTorchException(outside, $"{what} {index} at offset {offset} needs {bytes} bytes, its segment has {segment.Length}");
        return segment.Slice((int)offset, (int)bytes);
    }
}
