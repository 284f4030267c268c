using System.Runtime.CompilerServices;

namespace ExecuSharp.Core;

/// <summary>The kinds of values in a program (runtime/core/tag.h).</summary>
public enum Tag : byte
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>A tensor.</summary>
    Tensor = 1,
    /// <summary>Text.</summary>
    String = 2,
    /// <summary>A 64-bit float.</summary>
    Double = 3,
    /// <summary>A 64-bit integer.</summary>
    Int = 4,
    /// <summary>A truth value.</summary>
    Bool = 5,
    /// <summary>Literal truth values.</summary>
    ListBool = 6,
    /// <summary>Literal floats.</summary>
    ListDouble = 7,
    /// <summary>Integers, each in another value slot, read anew at every use.</summary>
    ListInt = 8,
    /// <summary>Tensors.</summary>
    ListTensor = 9,
    /// <summary>Unused on disk.</summary>
    ListScalar = 10,
    /// <summary>Tensors or nothing.</summary>
    ListOptionalTensor = 11,
}

/// <summary>A value slot of a method. Instructions hold slots, so writing a slot is seen by every later reader.</summary>
public sealed class EValue
{
    private long bits;
    private object? reference;
    private long[]? unboxed;

    /// <summary>What the slot holds now.</summary>
    public Tag Tag { get; private set; }

    /// <summary>A slot that holds nothing.</summary>
    public static EValue None() => new();

    /// <summary>A slot with a tensor.</summary>
    public static EValue Of(Tensor value) => new() { Tag = Tag.Tensor, reference = value };

    /// <summary>A slot with an integer.</summary>
    public static EValue Of(long value) => new() { Tag = Tag.Int, bits = value };

    /// <summary>A slot with a float.</summary>
    public static EValue Of(double value) => new() { Tag = Tag.Double, bits = BitConverter.DoubleToInt64Bits(value) };

    /// <summary>A slot with a truth value.</summary>
    public static EValue Of(bool value) => new() { Tag = Tag.Bool, bits = value ? 1 : 0 };

    /// <summary>A slot with text.</summary>
    public static EValue Of(string value) => new() { Tag = Tag.String, reference = value };

    /// <summary>A slot with a number of any kind.</summary>
    public static EValue Of(Scalar value) => value.Kind switch
    {
        ScalarKind.Double => Of(value.ToDouble()),
        ScalarKind.Bool => Of(value.ToBool()),
        _ => Of(value.ToLong()),
    };

    /// <summary>A list of integers that live in other slots.</summary>
    public static EValue BoxedInts(EValue[] slots) => new() { Tag = Tag.ListInt, reference = slots, unboxed = new long[slots.Length] };

    /// <summary>A list of integers in slots of its own.</summary>
    public static EValue Of(ReadOnlySpan<long> values)
    {
        var slots = new EValue[values.Length];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = Of(values[i]);
        return BoxedInts(slots);
    }

    /// <summary>A list of floats.</summary>
    public static EValue Of(double[] values) => new() { Tag = Tag.ListDouble, reference = values };

    /// <summary>A list of truth values.</summary>
    public static EValue Of(bool[] values) => new() { Tag = Tag.ListBool, reference = values };

    /// <summary>A list of tensors, given as slots.</summary>
    public static EValue Tensors(EValue[] slots) => new() { Tag = Tag.ListTensor, reference = slots };

    /// <summary>A list of tensors or nothing, given as slots; a null entry is nothing.</summary>
    public static EValue OptionalTensors(EValue?[] slots) => new() { Tag = Tag.ListOptionalTensor, reference = slots };

    /// <summary>True if the slot holds nothing.</summary>
    public bool IsNone => Tag == Tag.None;

    /// <summary>True for Int, Double and Bool.</summary>
    public bool IsScalar => Tag is Tag.Int or Tag.Double or Tag.Bool;

    /// <summary>The integer.</summary>
    public long AsInt() => Tag == Tag.Int ? bits : throw Wrong(Tag.Int);

    /// <summary>The float.</summary>
    public double AsDouble() => Tag == Tag.Double ? BitConverter.Int64BitsToDouble(bits) : throw Wrong(Tag.Double);

    /// <summary>The truth value.</summary>
    public bool AsBool() => Tag == Tag.Bool ? bits != 0 : throw Wrong(Tag.Bool);

    /// <summary>The number, of any of the three kinds.</summary>
    public Scalar AsScalar() => Tag switch
    {
        Tag.Int => bits,
        Tag.Double => BitConverter.Int64BitsToDouble(bits),
        Tag.Bool => bits != 0,
        _ => throw Wrong(Tag.Double),
    };

    /// <summary>The text.</summary>
    public string AsString() => Tag == Tag.String ? (string)reference! : throw Wrong(Tag.String);

    /// <summary>The tensor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Tensor AsTensor() => Tag == Tag.Tensor ? Unsafe.As<Tensor>(reference!) : throw Wrong(Tag.Tensor);

    /// <summary>The integers of the list, read from their slots now. Valid until the next call on this slot.</summary>
    public ReadOnlySpan<long> AsInts()
    {
        if (Tag != Tag.ListInt)
            throw Wrong(Tag.ListInt);
        var slots = (EValue[])reference!;
        for (int i = 0; i < slots.Length; i++)
            unboxed![i] = slots[i].AsInt();
        return unboxed;
    }

    /// <summary>The floats of the list.</summary>
    public ReadOnlySpan<double> AsDoubles() => Tag == Tag.ListDouble ? (double[])reference! : throw Wrong(Tag.ListDouble);

    /// <summary>The truth values of the list.</summary>
    public ReadOnlySpan<bool> AsBools() => Tag == Tag.ListBool ? (bool[])reference! : throw Wrong(Tag.ListBool);

    /// <summary>The slots of a tensor list; an entry may be null in an optional list.</summary>
    public ReadOnlySpan<EValue?> AsTensorSlots() => Tag is Tag.ListTensor or Tag.ListOptionalTensor
        ? (EValue?[])reference!
        : throw Wrong(Tag.ListTensor);

    /// <summary>Writes an integer.</summary>
    public void Set(long value) => (Tag, bits, reference) = (Tag.Int, value, null);

    /// <summary>Writes a float.</summary>
    public void Set(double value) => (Tag, bits, reference) = (Tag.Double, BitConverter.DoubleToInt64Bits(value), null);

    /// <summary>Writes a truth value.</summary>
    public void Set(bool value) => (Tag, bits, reference) = (Tag.Bool, value ? 1 : 0, null);

    /// <summary>Writes a number of any kind.</summary>
    public void Set(Scalar value)
    {
        if (value.IsDouble)
            Set(value.ToDouble());
        else if (value.IsBool)
            Set(value.ToBool());
        else
            Set(value.ToLong());
    }

    /// <summary>Writes a tensor.</summary>
    public void Set(Tensor value) => (Tag, bits, reference) = (Tag.Tensor, 0, value);

    /// <summary>Copies what another slot holds: numbers by value, tensors and lists as an alias.</summary>
    public void Set(EValue other) => (Tag, bits, reference, unboxed) = (other.Tag, other.bits, other.reference, other.unboxed);

    /// <inheritdoc/>
    public override string ToString() => Tag switch
    {
        Tag.None => "None",
        Tag.Tensor => AsTensor().ToString(),
        Tag.String => $"\"{reference}\"",
        Tag.Int or Tag.Double or Tag.Bool => AsScalar().ToString(),
        _ => Tag.ToString(),
    };

    private ExecuTorchException Wrong(Tag wanted) =>
        new(ErrorCode.InvalidType, $"a value is {Tag}, {wanted} is needed");
}
