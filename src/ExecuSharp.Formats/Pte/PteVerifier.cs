using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pte;

/// <summary>Checks that every index of a program points at something and that sizes are sane. Separate from the reader, and always on.</summary>
public static class PteVerifier
{
    private const int MaxRank = 16;
    private const int MaxOperatorName = 256;

    /// <summary>Checks a program.</summary>
    /// <exception cref="ModelFormatException">A dangling index, a negative size, a bad dim order, or a size above 2^63.</exception>
    public static void Verify(PteProgram program)
    {
        if (program.ConstantBuffer.Count > 0 && program.HasConstantSegment && program.ConstantBuffer.Any(b => b.Length > 0))
            throw new ModelFormatException("Program", "constants either in constant_buffer or in constant_segment", "both");
        if (program.ConstantSegment is { Offsets.Count: > 0 } constants && constants.SegmentIndex >= program.Segments.Count)
            throw new ModelFormatException("Program.constant_segment", $"a segment below {program.Segments.Count}", $"{constants.SegmentIndex}");
        foreach (var named in program.NamedData)
            if (named.SegmentIndex >= program.Segments.Count)
                throw new ModelFormatException($"Program.named_data \"{named.Key}\"", $"a segment below {program.Segments.Count}", $"{named.SegmentIndex}");
        foreach (var method in program.Methods)
            VerifyMethod(method);
    }

    private static void VerifyMethod(PteMethod method)
    {
        int count = method.Values.Count;
        for (int i = 0; i < count; i++)
            VerifyValue(method, i);
        CheckSlots(method.Inputs, count, method.Name, "inputs");
        CheckSlots(method.Outputs, count, method.Name, "outputs");
        if (method.Chains.Count == 0)
            throw new ModelFormatException($"method {method.Name}", "at least one chain", "none");
        long planned = 0;
        for (int i = 0; i < method.MemorySizes.Count; i++)
        {
            if (method.MemorySizes[i] < 0 || method.MemorySizes[i] > long.MaxValue - planned)
                throw new ModelFormatException($"method {method.Name}.non_const_buffer_sizes[{i}]", "a size of 0 or more, and a sum below 2^63", $"{method.MemorySizes[i]}");
            planned += method.MemorySizes[i];
        }
        foreach (var op in method.Operators)
            if (op.Name.Length + op.Overload.Length > MaxOperatorName)
                throw new ModelFormatException($"method {method.Name}.operators", $"names of at most {MaxOperatorName} characters", $"{op.Name.Length + op.Overload.Length} characters");
        foreach (var chain in method.Chains)
            for (int i = 0; i < chain.Instructions.Count; i++)
                VerifyInstruction(method, chain.Instructions[i], i);
    }

    private static void VerifyInstruction(PteMethod method, PteInstruction instruction, int index)
    {
        string place = $"method {method.Name}, instruction {index}";
        int count = method.Values.Count;
        switch (instruction)
        {
            case PteInstruction.KernelCall call:
                CheckIndex(call.OperatorIndex, method.Operators.Count, place, "operator");
                CheckSlots(call.Args, count, place, "arguments");
                break;
            case PteInstruction.DelegateCall call:
                CheckIndex(call.DelegateIndex, method.Delegates.Count, place, "delegate");
                CheckSlots(call.Args, count, place, "arguments");
                break;
            case PteInstruction.MoveCall move:
                CheckIndex(move.From, count, place, "value");
                CheckIndex(move.To, count, place, "value");
                break;
            case PteInstruction.JumpFalseCall jump:
                CheckIndex(jump.Condition, count, place, "value");
                if (jump.Destination < 0)
                    throw new ModelFormatException(place, "a destination of 0 or more", $"{jump.Destination}");
                break;
            case PteInstruction.FreeCall free:
                CheckIndex(free.Value, count, place, "value");
                break;
            case PteInstruction.Unknown unknown:
                throw new ModelFormatException(place, "an instruction of a known kind (1 to 5)", $"kind {unknown.Type}");
        }
    }

    private static void VerifyValue(PteMethod method, int index)
    {
        string place = $"method {method.Name}, value {index}";
        int count = method.Values.Count;
        switch (method.Values[index])
        {
            case PteTensor tensor:
                VerifyTensor(tensor, place);
                break;
            case PteValue.IntList list:
                foreach (long item in list.Items)
                    if (item < 0 || item >= count)
                        throw new ModelFormatException(place, $"list items that are values below {count}", $"{item}");
                break;
            case PteValue.TensorList list:
                foreach (int item in list.Items)
                    CheckTensor(method, item, index, place);
                break;
            case PteValue.OptionalTensorList list:
                foreach (int item in list.Items)
                    if (item != -1)
                        CheckTensor(method, item, index, place);
                break;
            case PteValue.Unknown unknown:
                throw new ModelFormatException(place, "a value of a known kind (1 to 11)", $"kind {unknown.Type}");
        }
    }

    private static void CheckTensor(PteMethod method, int item, int index, string place)
    {
        CheckIndex(item, method.Values.Count, place, "list item");
        if (item >= index || method.Values[item] is not (PteTensor or PteValue.Null))
            throw new ModelFormatException(place, "list items that are earlier tensors", $"value {item}: {method.Values[item].GetType().Name}");
    }

    private static void VerifyTensor(PteTensor tensor, string place)
    {
        if (tensor.Type.SizeOf() == 0)
            throw new ModelFormatException(place, "a known element type", $"{(int)tensor.Type}");
        if (tensor.StorageOffset != 0)
            throw new ModelFormatException(place, "storage offset 0", $"{tensor.StorageOffset}");
        if (tensor.Sizes.Count > MaxRank)
            throw new ModelFormatException(place, $"at most {MaxRank} dimensions", $"{tensor.Sizes.Count}");
        if (tensor.DimOrder.Count != tensor.Sizes.Count)
            throw new ModelFormatException(place, $"a dim order of {tensor.Sizes.Count} entries", $"{tensor.DimOrder.Count}");
        uint seen = 0;
        foreach (byte d in tensor.DimOrder)
        {
            if (d >= tensor.Sizes.Count || (seen & (1u << d)) != 0)
                throw new ModelFormatException(place, "a dim order that is a permutation", $"[{string.Join(", ", tensor.DimOrder)}]");
            seen |= 1u << d;
        }
        long bytes = tensor.Type.SizeOf();
        foreach (int size in tensor.Sizes)
        {
            if (size < 0)
                throw new ModelFormatException(place, "sizes of 0 or more", $"{size}");
            if (size != 0 && bytes > int.MaxValue / size)
                throw new ModelFormatException(place, $"a tensor below {int.MaxValue} bytes", $"sizes [{string.Join(", ", tensor.Sizes)}]");
            bytes *= size;
        }
        if ((byte)tensor.Dynamism > 2)
            throw new ModelFormatException(place, "a shape dynamism of 0 to 2", $"{(int)tensor.Dynamism}");
    }

    private static void CheckSlots(IReadOnlyList<int> slots, int count, string place, string what)
    {
        foreach (int slot in slots)
            CheckIndex(slot, count, place, what);
    }

    private static void CheckIndex(int index, int count, string place, string what)
    {
        if ((uint)index >= (uint)count)
            throw new ModelFormatException(place, $"{what} below {count}", $"{index}");
    }
}
