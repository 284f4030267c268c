using System.Runtime.CompilerServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels;

namespace ExecuSharp.Operators.Table;

/// <summary>The arguments of one kernel call: value slots in schema order, then the out-arguments (once).</summary>
public readonly ref struct KernelArgs
{
    private readonly ReadOnlySpan<EValue> slots;

    /// <summary>Makes the arguments.</summary>
    public KernelArgs(KernelContext context, ReadOnlySpan<EValue> slots)
    {
        Context = context;
        this.slots = slots;
    }

    /// <summary>Vector width and threads.</summary>
    public KernelContext Context { get; }

    /// <summary>Number of slots.</summary>
    public int Count => slots.Length;

    /// <summary>A slot.</summary>
    public EValue this[int index] => slots[index];

    /// <summary>A tensor argument.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Tensor Tensor(int index) => slots[index].AsTensor();

    /// <summary>A tensor argument that may be missing.</summary>
    public Tensor? OptionalTensor(int index) => slots[index].IsNone ? null : slots[index].AsTensor();

    /// <summary>An integer.</summary>
    public long Int(int index) => slots[index].AsInt();

    /// <summary>An integer that may be missing.</summary>
    public long? OptionalInt(int index) => slots[index].IsNone ? null : slots[index].AsInt();

    /// <summary>A float.</summary>
    public double Double(int index) => slots[index].AsDouble();

    /// <summary>A float that may be missing.</summary>
    public double? OptionalDouble(int index) => slots[index].IsNone ? null : slots[index].AsDouble();

    /// <summary>A truth value.</summary>
    public bool Bool(int index) => slots[index].AsBool();

    /// <summary>A number of any kind.</summary>
    public Scalar Scalar(int index) => slots[index].AsScalar();

    /// <summary>A number of any kind that may be missing.</summary>
    public Scalar? OptionalScalar(int index) => slots[index].IsNone ? null : slots[index].AsScalar();

    /// <summary>Text.</summary>
    public string String(int index) => slots[index].AsString();

    /// <summary>A list of integers; valid until the slot is read again.</summary>
    public ReadOnlySpan<long> Ints(int index) => slots[index].AsInts();

    /// <summary>A list of integers that may be missing: then empty, and <paramref name="given"/> is false.</summary>
    public ReadOnlySpan<long> OptionalInts(int index, out bool given)
    {
        given = !slots[index].IsNone;
        return given ? slots[index].AsInts() : default;
    }

    /// <summary>A list of tensors, as slots.</summary>
    public ReadOnlySpan<EValue?> Tensors(int index) => slots[index].AsTensorSlots();
}
