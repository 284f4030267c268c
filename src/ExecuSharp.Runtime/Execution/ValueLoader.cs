using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Runtime.Execution;

/// <summary>Makes the value slots of a method and gives tensors their memory.</summary>
internal sealed class ValueLoader(Program program, PteMethod records)
{
    private const int Alignment = 64;

    // Kernels of other runtimes read a little past the end; ours do not, but arenas keep the room that the plan gives.
    private readonly Memory<byte>[] arenas = Allocate(program, records);

    public EValue[] Load()
    {
        var values = new EValue[records.Values.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = EValue.None();
        for (int i = 0; i < values.Length; i++)
            Fill(values, i);
        foreach (int output in records.Outputs)
            if (values[output].Tag == Tag.Tensor && values[output].AsTensor() is { HasStorage: false } tensor && !records.Inputs.Contains(output))
                tensor.Storage = Aligned(tensor.MaxNumel * tensor.Type.SizeOf());
        return values;
    }

    internal static Memory<byte> Aligned(long bytes)
    {
        if (bytes > Array.MaxLength - Alignment)
            throw new ExecuTorchException(ErrorCode.MemoryAllocationFailed, $"{bytes} bytes are too many for one block");
        var block = GC.AllocateArray<byte>((int)bytes + Alignment, pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(block, 0).ToInt64();
        return block.AsMemory((int)(-address & (Alignment - 1)), (int)bytes);
    }

    private static Memory<byte>[] Allocate(Program program, PteMethod records)
    {
        long total = 0;
        foreach (long size in records.MemorySizes.Skip(1))
        {
            total = size > long.MaxValue - total ? long.MaxValue : total + size;
            if (total > program.Options.MaxPlannedMemory)
                throw new ExecuTorchException(ErrorCode.MemoryAllocationFailed, $"the plan of {records.Name} asks for more than the limit of {program.Options.MaxPlannedMemory} bytes");
        }
        return [.. records.MemorySizes.Select((size, i) => i == 0 ? default : Aligned(size))];
    }

    private void Fill(EValue[] values, int index)
    {
        switch (records.Values[index])
        {
            case PteValue.Int i: values[index].Set(i.Value); break;
            case PteValue.Bool b: values[index].Set(b.Value); break;
            case PteValue.Double d: values[index].Set(d.Value); break;
            case PteValue.String s: values[index].Set(EValue.Of(s.Value)); break;
            case PteValue.IntList l: values[index].Set(EValue.BoxedInts([.. l.Items.Select(j => values[j])])); break;
            case PteValue.DoubleList l: values[index].Set(EValue.Of(l.Items.ToArray())); break;
            case PteValue.BoolList l: values[index].Set(EValue.Of(l.Items.ToArray())); break;
            case PteValue.TensorList l: values[index].Set(EValue.Tensors([.. l.Items.Select(j => values[j])])); break;
            case PteValue.OptionalTensorList l: values[index].Set(EValue.OptionalTensors([.. l.Items.Select(j => j < 0 ? null : values[j])])); break;
            case PteTensor t: values[index].Set(MakeTensor(t, index)); break;
        }
    }

    private Tensor MakeTensor(PteTensor t, int index)
    {
        if (t.Dynamism == ShapeDynamism.DynamicUnbound)
            throw new ExecuTorchException(ErrorCode.NotSupported, $"value {index} is a tensor of unbounded size");
        int[] sizes = [.. t.Sizes];
        byte[] order = [.. t.DimOrder];
        long bytes = sizes.Aggregate((long)t.Type.SizeOf(), (n, s) => n * s);
        return new Tensor(t.Type, sizes, MemoryOf(t, index, bytes), order, t.Dynamism);
    }

    private Memory<byte> MemoryOf(PteTensor t, int index, long bytes)
    {
        if (t.IsExternal)
        {
            var external = ExternalBytes(t, index);
            if (t.Allocation is null)
                return MemoryMarshal.AsMemory(external);
            var planned = Planned(t.Allocation, index, bytes);
            external.CopyTo(planned);
            return planned;
        }
        if (t.Allocation is { } allocation)
        {
            var planned = Planned(allocation, index, bytes);
            if (t.DataBufferIndex > 0)
                program.Data.Mutable(t.Extra?.MutableDataSegmentsIndex ?? 0, t.DataBufferIndex, bytes).CopyTo(planned);
            return planned;
        }
        return t.DataBufferIndex > 0 ? MemoryMarshal.AsMemory(program.Data.Constant(t.DataBufferIndex, bytes)) : default;
    }

    private ReadOnlyMemory<byte> ExternalBytes(PteTensor t, int index)
    {
        string name = t.Extra!.FullyQualifiedName ?? throw new ExecuTorchException(ErrorCode.InvalidExternalData, $"value {index} is external and has no name");
        if (program.Data.External is { } external)
            return external.Tensor(name, t.Type, t.Sizes);
        throw new ExecuTorchException(ErrorCode.InvalidState, $"value {index} \"{name}\" is in a data file (.ptd), and none was given");
    }

    private Memory<byte> Planned(PteAllocation allocation, int index, long bytes)
    {
        if (allocation.MemoryId == 0 || allocation.MemoryId >= arenas.Length)
            throw new ExecuTorchException(ErrorCode.InvalidArgument, $"value {index} is in arena {allocation.MemoryId} of {Math.Max(0, arenas.Length - 1)}");
        var arena = arenas[allocation.MemoryId];
        if (allocation.Offset > (ulong)arena.Length || (ulong)bytes > (ulong)arena.Length - allocation.Offset)
            throw new ExecuTorchException(ErrorCode.MemoryAllocationFailed, $"value {index} at offset {allocation.Offset} needs {bytes} bytes, its arena has {arena.Length}");
        return arena.Slice((int)allocation.Offset, (int)bytes);
    }
}
