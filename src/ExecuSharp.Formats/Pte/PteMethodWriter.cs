using ExecuSharp.Formats.FlatBuffers;

namespace ExecuSharp.Formats.Pte;

/// <summary>Writes the ExecutionPlan table and what is in it.</summary>
internal static class PteMethodWriter
{
    public static FlatTableBuilder Method(PteMethod method)
    {
        var plan = new FlatTableBuilder()
            .String(0, method.Name)
            .Child(2, FlatVectorBuilder.Tables([.. method.Values.Select(Value)]))
            .Child(3, Ints(method.Inputs))
            .Child(4, Ints(method.Outputs))
            .Child(5, FlatVectorBuilder.Tables([.. method.Chains.Select(Chain)]))
            .Child(6, FlatVectorBuilder.Tables([.. method.Operators.Select(o => new FlatTableBuilder().String(0, o.Name).String(1, o.Overload))]))
            .Child(7, FlatVectorBuilder.Tables([.. method.Delegates.Select(Delegate)]))
            .Child(8, FlatVectorBuilder.Int64s([.. method.MemorySizes]));
        if (method.InputTree is not null || method.OutputTree is not null)
            plan.Child(1, new FlatTableBuilder().String(0, method.InputTree).String(1, method.OutputTree));
        if (method.MemoryDevices.Count > 0)
            plan.Child(9, FlatVectorBuilder.Tables([.. method.MemoryDevices.Select(d => new FlatTableBuilder().Int32(0, d.BufferIndex).Byte(1, d.DeviceType).Byte(2, (byte)d.DeviceIndex))]));
        return plan;
    }

    private static FlatVectorBuilder Ints(IReadOnlyList<int> values) => FlatVectorBuilder.Int32s([.. values]);

    private static FlatTableBuilder Value(PteValue value)
    {
        (int type, FlatTableBuilder table) = value switch
        {
            PteValue.Null => (1, new FlatTableBuilder()),
            PteValue.Int i => (2, new FlatTableBuilder().Int64(0, i.Value)),
            PteValue.Bool b => (3, new FlatTableBuilder().Bool(0, b.Value)),
            PteValue.Double d => (4, new FlatTableBuilder().Double(0, d.Value)),
            PteTensor t => (5, Tensor(t)),
            PteValue.String s => (6, new FlatTableBuilder().String(0, s.Value)),
            PteValue.IntList l => (7, new FlatTableBuilder().Child(0, FlatVectorBuilder.Int64s([.. l.Items]))),
            PteValue.DoubleList l => (8, new FlatTableBuilder().Child(0, FlatVectorBuilder.Doubles([.. l.Items]))),
            PteValue.BoolList l => (9, new FlatTableBuilder().Child(0, FlatVectorBuilder.Bytes(l.Items.Select(b => b ? (byte)1 : (byte)0).ToArray()))),
            PteValue.TensorList l => (10, new FlatTableBuilder().Child(0, Ints(l.Items))),
            PteValue.OptionalTensorList l => (11, new FlatTableBuilder().Child(0, Ints(l.Items))),
            _ => throw new ArgumentException($"{value.GetType().Name} cannot be written"),
        };
        return new FlatTableBuilder().Union(0, (byte)type, table);
    }

    private static FlatTableBuilder Tensor(PteTensor t)
    {
        var table = new FlatTableBuilder()
            .Byte(0, (byte)t.Type)
            .Int32(1, t.StorageOffset)
            .Child(2, Ints(t.Sizes))
            .Child(3, FlatVectorBuilder.Bytes(t.DimOrder.ToArray()))
            .Bool(4, t.RequiresGrad)
            .UInt32(5, t.DataBufferIndex)
            .Byte(7, (byte)t.Layout)
            .Byte(8, (byte)t.Dynamism);
        if (t.Allocation is { } a)
            table.Child(6, new FlatTableBuilder().UInt32(0, a.MemoryId).UInt32(1, (uint)a.Offset).UInt32(2, (uint)(a.Offset >> 32)));
        if (t.Extra is { } e)
            table.Child(9, new FlatTableBuilder().UInt64(0, e.MutableDataSegmentsIndex).String(1, e.FullyQualifiedName).Byte(2, e.Location).Byte(3, e.DeviceType).Byte(4, (byte)e.DeviceIndex));
        return table;
    }

    private static FlatTableBuilder Chain(PteChain chain) => new FlatTableBuilder()
        .Child(0, Ints(chain.Inputs))
        .Child(1, Ints(chain.Outputs))
        .Child(2, FlatVectorBuilder.Tables([.. chain.Instructions.Select(Instruction)]));

    private static FlatTableBuilder Instruction(PteInstruction instruction)
    {
        (int type, FlatTableBuilder table) = instruction switch
        {
            PteInstruction.KernelCall c => (1, new FlatTableBuilder().Int32(0, c.OperatorIndex).Child(1, Ints(c.Args))),
            PteInstruction.DelegateCall c => (2, new FlatTableBuilder().Int32(0, c.DelegateIndex).Child(1, Ints(c.Args))),
            PteInstruction.MoveCall c => (3, new FlatTableBuilder().Int32(0, c.From).Int32(1, c.To)),
            PteInstruction.JumpFalseCall c => (4, new FlatTableBuilder().Int32(0, c.Condition).Int32(1, c.Destination)),
            PteInstruction.FreeCall c => (5, new FlatTableBuilder().Int32(0, c.Value)),
            _ => throw new ArgumentException($"{instruction.GetType().Name} cannot be written"),
        };
        return new FlatTableBuilder().Union(0, (byte)type, table);
    }

    private static FlatTableBuilder Delegate(PteDelegate d)
    {
        var reference = new FlatTableBuilder().Byte(0, d.InSegment ? (byte)1 : (byte)0).UInt32(1, d.Index);
        var specs = d.CompileSpecs.Select(s => new FlatTableBuilder().String(0, s.Key).Child(1, FlatVectorBuilder.Bytes(s.Value)));
        return new FlatTableBuilder().String(0, d.Id).Child(1, reference).Child(2, FlatVectorBuilder.Tables([.. specs]));
    }
}
