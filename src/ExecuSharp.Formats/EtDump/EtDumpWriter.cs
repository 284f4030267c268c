using ExecuSharp.Formats.FlatBuffers;

namespace ExecuSharp.Formats.EtDump;

/// <summary>Records to tables.</summary>
internal static class EtDumpWriter
{
    public static FlatTableBuilder Write(EtDumpFile file) => new FlatTableBuilder()
        .UInt32(0, file.Version)
        .Child(1, FlatVectorBuilder.Tables([.. file.Runs.Select(Write)]));

    private static FlatTableBuilder Write(EtDumpRun run) => new FlatTableBuilder()
        .String(0, run.Name)
        .Int32(1, run.BundledInputIndex, -1)
        .Child(2, run.Allocators.Count == 0 ? null : FlatVectorBuilder.Tables([.. run.Allocators.Select(a => new FlatTableBuilder().String(0, a))]))
        .Child(3, FlatVectorBuilder.Tables([.. run.Events.Select(Write)]));

    private static FlatTableBuilder Write(EtDumpEvent e) => e switch
    {
        EtDumpEvent.Profile p => new FlatTableBuilder().Child(0, Write(p)),
        EtDumpEvent.Allocation a => new FlatTableBuilder().Child(1, new FlatTableBuilder().Int32(0, a.Allocator).UInt64(1, a.Bytes)),
        EtDumpEvent.Debug d => new FlatTableBuilder().Child(2, Write(d)),
        _ => throw new ArgumentException($"{e.GetType().Name} cannot be written"),
    };

    private static FlatTableBuilder Write(EtDumpEvent.Profile p) => new FlatTableBuilder()
        .String(0, p.Name)
        .Int32(1, p.Chain)
        .Int32(2, p.Instruction, -1)
        .Int32(3, p.Delegate?.Id ?? -1, -1)
        .String(4, p.Delegate?.Name)
        .Child(5, p.Delegate is { } d ? FlatVectorBuilder.Bytes(d.Metadata) : null)
        .UInt64(6, p.Start)
        .UInt64(7, p.End);

    private static FlatTableBuilder Write(EtDumpEvent.Debug d) => new FlatTableBuilder()
        .Int64(0, d.Chain)
        .Int32(1, d.Instruction, -1)
        .Child(2, Write(d.Value))
        .Int32(3, d.Delegate?.Id ?? -1, -1)
        .String(4, d.Delegate?.Name)
        .String(5, d.Name);

    private static FlatTableBuilder Write(EtDumpValue value)
    {
        var table = new FlatTableBuilder();
        if (value.IsOutput is { } output)
            table.Child(7, new FlatTableBuilder().Bool(0, output));
        return value switch
        {
            EtDumpValue.Null => table,
            EtDumpValue.Int v => table.Byte(0, 1).Child(3, new FlatTableBuilder().Int64(0, v.Value)),
            EtDumpValue.Bool v => table.Byte(0, 2).Child(6, new FlatTableBuilder().Bool(0, v.Value)),
            EtDumpValue.Float v => table.Byte(0, 3).Child(4, new FlatTableBuilder().Single(0, v.Value)),
            EtDumpValue.Double v => table.Byte(0, 4).Child(5, new FlatTableBuilder().Double(0, v.Value)),
            EtDumpValue.Tensor v => table.Byte(0, 5).Child(1, Write(v.Value)),
            EtDumpValue.TensorList v => table.Byte(0, 6).Child(2, new FlatTableBuilder().Child(0, FlatVectorBuilder.Tables([.. v.Values.Select(Write)]))),
            _ => throw new ArgumentException($"{value.GetType().Name} cannot be written"),
        };
    }

    private static FlatTableBuilder Write(EtDumpTensor t) => new FlatTableBuilder()
        .Byte(0, (byte)t.Type)
        .Child(1, FlatVectorBuilder.Int64s([.. t.Sizes]))
        .Child(2, FlatVectorBuilder.Int64s([.. t.Strides]))
        .Int64(3, t.Offset);
}
