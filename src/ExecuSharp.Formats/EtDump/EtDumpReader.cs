using ExecuSharp.Core;
using ExecuSharp.Formats.FlatBuffers;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Formats.EtDump;

/// <summary>Tables to records.</summary>
internal static class EtDumpReader
{
    public static EtDumpFile Read(FlatTable root) => new(root.UInt32(0), PteReader.List(root.Vector(1, 4), "RunData", Run));

    private static EtDumpRun Run(FlatTable t) => new(
        t.String(0) ?? "",
        t.Int32(1, -1),
        PteReader.List(t.Vector(2, 4), "Allocator", a => a.String(0) ?? ""),
        PteReader.List(t.Vector(3, 4), "Event", Event));

    private static EtDumpEvent Event(FlatTable t)
    {
        var kinds = Enumerable.Range(0, 3).Where(t.Has).ToList();
        if (kinds is not [int kind])
            throw t.Error("an event of exactly one kind", $"{kinds.Count} kinds");
        return kind switch
        {
            0 => Profile(t.RequiredTable(0, "ProfileEvent")),
            1 => Allocation(t.RequiredTable(1, "AllocationEvent")),
            _ => Debug(t.RequiredTable(2, "DebugEvent")),
        };
    }

    private static EtDumpEvent.Profile Profile(FlatTable t) =>
        new(t.String(0), t.Int32(1), t.Int32(2, -1), Delegate(t.Int32(3, -1), t.String(4), t.Bytes(5)), t.UInt64(6), t.UInt64(7));

    private static EtDumpEvent.Allocation Allocation(FlatTable t) => new(t.Int32(0), t.UInt64(1));

    private static EtDumpEvent.Debug Debug(FlatTable t) =>
        new(t.String(5), t.Int64(0), t.Int32(1, -1), Delegate(t.Int32(3, -1), t.String(4), default), Value(t.RequiredTable(2, "Value")));

    private static EtDumpDelegate? Delegate(int id, string? name, ReadOnlyMemory<byte> metadata) =>
        id == -1 && name is null && metadata.IsEmpty ? null : new EtDumpDelegate(id, name, metadata);

    private static EtDumpValue Value(FlatTable t)
    {
        bool? output = t.Table(7, "Bool")?.Bool(0);
        return t.SByte(0) switch
        {
            0 => new EtDumpValue.Null(output),
            1 => new EtDumpValue.Int(t.RequiredTable(3, "Int").Int64(0), output),
            2 => new EtDumpValue.Bool(t.RequiredTable(6, "Bool").Bool(0), output),
            3 => new EtDumpValue.Float(t.RequiredTable(4, "Float").Single(0), output),
            4 => new EtDumpValue.Double(t.RequiredTable(5, "Double").Double(0), output),
            5 => new EtDumpValue.Tensor(Tensor(t.RequiredTable(1, "Tensor")), output),
            6 => new EtDumpValue.TensorList(PteReader.List(t.RequiredTable(2, "TensorList").Vector(0, 4), "Tensor", Tensor), output),
            var kind => throw t.Error("a value of kind 0 to 6", $"kind {kind}"),
        };
    }

    private static EtDumpTensor Tensor(FlatTable t)
    {
        var type = (ScalarType)t.Byte(0);
        if (type.SizeOf() == 0)
            throw t.Error("a known element type", $"{(int)type}");
        return new EtDumpTensor(type, t.Vector(1, 8).Int64s(), t.Vector(2, 8).Int64s(), t.Int64(3));
    }
}
