using ExecuSharp.Core;
using ExecuSharp.Formats.FlatBuffers;

namespace ExecuSharp.Formats.Pte;

/// <summary>Reads the ExecutionPlan table and what is in it.</summary>
internal static class PteMethodReader
{
    public static PteMethod Read(FlatTable plan)
    {
        Require(plan, 2, "values");
        Require(plan, 3, "inputs");
        Require(plan, 4, "outputs");
        Require(plan, 5, "chains");
        Require(plan, 6, "operators");
        Require(plan, 7, "delegates");
        Require(plan, 8, "non_const_buffer_sizes");
        var tree = plan.Table(1, "ContainerMetadata");
        return new PteMethod
        {
            Name = plan.String(0) ?? throw plan.Error("a method name", "none"),
            InputTree = tree?.String(0),
            OutputTree = tree?.String(1),
            Values = PteReader.List(plan.Vector(2, 4), "EValue", Value),
            Inputs = plan.Vector(3, 4).Int32s(),
            Outputs = plan.Vector(4, 4).Int32s(),
            Chains = PteReader.List(plan.Vector(5, 4), "Chain", Chain),
            Operators = PteReader.List(plan.Vector(6, 4), "Operator", o => new PteOperator(o.String(0) ?? "", o.String(1) ?? "")),
            Delegates = PteReader.List(plan.Vector(7, 4), "BackendDelegate", Delegate),
            MemorySizes = plan.Vector(8, 8).Int64s(),
            MemoryDevices = PteReader.List(plan.Vector(9, 4), "NonConstBufferDevice", d => new PteMemoryDevice(d.Int32(0), d.Byte(1), d.SByte(2))),
        };
    }

    private static void Require(FlatTable plan, int slot, string field)
    {
        if (!plan.Has(slot))
            throw plan.Error($"the field {field}", "nothing");
    }

    private static PteValue Value(FlatTable value)
    {
        byte type = value.Byte(0);
        if (type == 0)
            return new PteValue.Null();
        if (type > 11)
            return new PteValue.Unknown(type);
        var t = value.RequiredTable(1, "KernelTypes");
        return type switch
        {
            1 => new PteValue.Null(),
            2 => new PteValue.Int(t.Int64(0)),
            3 => new PteValue.Bool(t.Bool(0)),
            4 => new PteValue.Double(t.Double(0)),
            5 => Tensor(t),
            6 => new PteValue.String(t.String(0) ?? ""),
            7 => new PteValue.IntList(t.Vector(0, 8).Int64s()),
            8 => new PteValue.DoubleList(t.Vector(0, 8).Doubles()),
            9 => new PteValue.BoolList(Array.ConvertAll(t.Bytes(0).ToArray(), b => b != 0)),
            10 => new PteValue.TensorList(t.Vector(0, 4).Int32s()),
            _ => new PteValue.OptionalTensorList(t.Vector(0, 4).Int32s()),
        };
    }

    private static PteTensor Tensor(FlatTable t) => new()
    {
        Type = (ScalarType)t.Byte(0),
        StorageOffset = t.Int32(1),
        Sizes = t.Vector(2, 4).Int32s(),
        DimOrder = t.Bytes(3).ToArray(),
        RequiresGrad = t.Bool(4),
        DataBufferIndex = t.UInt32(5),
        Allocation = t.Table(6, "AllocationDetails") is { } a ? new PteAllocation(a.UInt32(0), a.UInt32(1) | ((ulong)a.UInt32(2) << 32)) : null,
        Layout = t.SByte(7),
        Dynamism = (ShapeDynamism)t.Byte(8),
        Extra = t.Table(9, "ExtraTensorInfo") is { } e ? new PteExtraTensorInfo(e.UInt64(0), e.String(1), e.Byte(2), e.Byte(3), e.SByte(4)) : null,
    };

    private static PteChain Chain(FlatTable chain) => new(PteReader.List(chain.Vector(2, 4), "Instruction", Instruction))
    {
        Inputs = chain.Vector(0, 4).Int32s(),
        Outputs = chain.Vector(1, 4).Int32s(),
    };

    private static PteInstruction Instruction(FlatTable instruction)
    {
        byte type = instruction.Byte(0);
        if (type is 0 or > 5)
            return new PteInstruction.Unknown(type);
        var t = instruction.RequiredTable(1, "InstructionArguments");
        return type switch
        {
            1 => new PteInstruction.KernelCall(t.Int32(0), t.Vector(1, 4).Int32s()),
            2 => new PteInstruction.DelegateCall(t.Int32(0), t.Vector(1, 4).Int32s()),
            3 => new PteInstruction.MoveCall(t.Int32(0), t.Int32(1)),
            4 => new PteInstruction.JumpFalseCall(t.Int32(0), t.Int32(1)),
            _ => new PteInstruction.FreeCall(t.Int32(0)),
        };
    }

    private static PteDelegate Delegate(FlatTable d)
    {
        var processed = d.RequiredTable(1, "BackendDelegateDataReference");
        return new PteDelegate(
            d.String(0) ?? throw d.Error("a backend id", "none"),
            processed.Byte(0) == 1,
            processed.UInt32(1),
            PteReader.List(d.Vector(2, 4), "CompileSpec", s => new PteCompileSpec(s.String(0) ?? "", s.Bytes(1))));
    }
}
