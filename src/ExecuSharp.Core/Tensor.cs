using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ExecuSharp.Core;

/// <summary>
/// A dense tensor over borrowed or owned bytes. The dim order is a permutation of the dimensions, outermost first; strides follow from it
/// (a dimension of size 0 counts as 1). Storage may be missing (an unplanned input) and may be larger than the tensor.
/// </summary>
/// <remarks>Not safe for concurrent change; concurrent reads are fine.</remarks>
public sealed class Tensor
{
    private readonly int[] sizes;
    private readonly byte[] dimOrder;
    private readonly int[] strides;
    private readonly long bound;
    private Memory<byte> storage;

    /// <summary>Makes a tensor over bytes that the caller owns.</summary>
    /// <param name="type">Element type.</param>
    /// <param name="sizes">Sizes; for a bounded tensor these are upper bounds. Copied.</param>
    /// <param name="storage">At least <c>numel * SizeOf(type)</c> bytes, or empty for a tensor without memory yet.</param>
    /// <param name="dimOrder">Permutation of the dimensions, outermost first; null for the contiguous order.</param>
    /// <param name="dynamism">Whether <see cref="Resize"/> may change sizes.</param>
    /// <exception cref="ArgumentException">A negative size, a dim order that is no permutation, or an element count above 2^63.</exception>
    public Tensor(ScalarType type, ReadOnlySpan<int> sizes, Memory<byte> storage, byte[]? dimOrder = null, ShapeDynamism dynamism = ShapeDynamism.Static)
    {
        Type = type;
        this.sizes = sizes.ToArray();
        this.dimOrder = dimOrder ?? ContiguousOrder(sizes.Length);
        Dynamism = dynamism;
        if (this.dimOrder.Length != sizes.Length)
            throw new ArgumentException($"the dim order has {this.dimOrder.Length} entries for {sizes.Length} dimensions");
        uint seen = 0;
        foreach (byte d in this.dimOrder)
        {
            if (d >= sizes.Length || (seen & (1u << d)) != 0)
                throw new ArgumentException($"the dim order [{string.Join(", ", this.dimOrder)}] is no permutation");
            seen |= 1u << d;
        }
        long n = 1;
        foreach (int s in sizes)
        {
            if (s < 0)
                throw new ArgumentException($"negative size in [{string.Join(", ", this.sizes)}]");
            n = checked(n * s);
        }
        strides = new int[sizes.Length];
        bound = n;
        Numel = n;
        this.storage = storage;
        UpdateStrides();
    }

    /// <summary>Makes a tensor with zeroed memory of its own.</summary>
    public static Tensor Empty(ScalarType type, ReadOnlySpan<int> sizes, byte[]? dimOrder = null)
    {
        long n = type.SizeOf();
        foreach (int s in sizes)
            n = checked(n * s);
        return new Tensor(type, sizes, new byte[n], dimOrder);
    }

    /// <summary>Makes a contiguous tensor with a copy of the values.</summary>
    public static Tensor From<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> sizes) where T : unmanaged
    {
        var t = Empty(TypeOf<T>(), sizes);
        if (t.Numel != values.Length)
            throw new ArgumentException($"{values.Length} values for {t.Numel} elements");
        values.CopyTo(t.Span<T>());
        return t;
    }

    /// <summary>The element type that a .NET type stands for.</summary>
    /// <exception cref="NotSupportedException">No element type has this .NET type.</exception>
    public static ScalarType TypeOf<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return ScalarType.Float;
        if (typeof(T) == typeof(double)) return ScalarType.Double;
        if (typeof(T) == typeof(long)) return ScalarType.Long;
        if (typeof(T) == typeof(int)) return ScalarType.Int;
        if (typeof(T) == typeof(short)) return ScalarType.Short;
        if (typeof(T) == typeof(sbyte)) return ScalarType.Char;
        if (typeof(T) == typeof(byte)) return ScalarType.Byte;
        if (typeof(T) == typeof(bool)) return ScalarType.Bool;
        if (typeof(T) == typeof(Half)) return ScalarType.Half;
        if (typeof(T) == typeof(BFloat16)) return ScalarType.BFloat16;
        if (typeof(T) == typeof(ushort)) return ScalarType.UInt16;
        if (typeof(T) == typeof(uint)) return ScalarType.UInt32;
        if (typeof(T) == typeof(ulong)) return ScalarType.UInt64;
        throw new NotSupportedException($"no tensor element type is a {typeof(T).Name}");
    }

    /// <summary>Element type.</summary>
    public ScalarType Type { get; }

    /// <summary>Current sizes.</summary>
    public ReadOnlySpan<int> Sizes => sizes;

    /// <summary>Dimensions from outermost to innermost.</summary>
    public ReadOnlySpan<byte> DimOrder => dimOrder;

    /// <summary>Distance in elements between neighbours along each dimension.</summary>
    public ReadOnlySpan<int> Strides => strides;

    /// <summary>Number of dimensions.</summary>
    public int Rank => sizes.Length;

    /// <summary>Number of elements now.</summary>
    public long Numel { get; private set; }

    /// <summary>Number of elements at the upper bound.</summary>
    public long MaxNumel => bound;

    /// <summary>Bytes in use now.</summary>
    public long ByteLength => Numel * Type.SizeOf();

    /// <summary>Whether and how far sizes may change.</summary>
    public ShapeDynamism Dynamism { get; }

    /// <summary>True if the tensor has memory, or needs none because it has no elements.</summary>
    public bool HasStorage => !storage.IsEmpty || Numel == 0;

    /// <summary>All the bytes behind the tensor; may be longer than <see cref="ByteLength"/>.</summary>
    public Memory<byte> Storage { get => storage; set => storage = value; }

    /// <summary>True if the dim order is 0, 1, 2, …</summary>
    public bool IsContiguousOrder
    {
        get
        {
            for (int i = 0; i < dimOrder.Length; i++)
                if (dimOrder[i] != i)
                    return false;
            return true;
        }
    }

    /// <summary>The elements in memory order.</summary>
    /// <exception cref="ExecuTorchException">InvalidState: the tensor has no memory, or too little.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> Span<T>() where T : unmanaged
    {
        var bytes = storage.Span;
        long need = Numel * Unsafe.SizeOf<T>();
        if (bytes.Length < need)
            ThrowNoStorage(need);
        return MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetReference(bytes)), (int)Numel);
    }

    /// <summary>The used bytes in memory order.</summary>
    public Span<byte> Bytes
    {
        get
        {
            var bytes = storage.Span;
            if (bytes.Length < ByteLength)
                ThrowNoStorage(ByteLength);
            return bytes[..(int)ByteLength];
        }
    }

    /// <summary>Changes the sizes as ExecuTorch's <c>resize_tensor</c>: equal sizes always pass; else the tensor must be bounded, of the same rank, and the element count within the bound.</summary>
    /// <exception cref="ExecuTorchException">NotSupported: another rank, a static tensor, or more elements than the bound.</exception>
    public void Resize(ReadOnlySpan<int> newSizes)
    {
        if (newSizes.SequenceEqual(sizes))
            return;
        if (newSizes.Length != sizes.Length)
            throw new ExecuTorchException(ErrorCode.NotSupported, $"a tensor of {sizes.Length} dimensions cannot get {newSizes.Length}");
        if (Dynamism == ShapeDynamism.Static)
            throw new ExecuTorchException(ErrorCode.NotSupported, $"a static tensor of sizes {Format(sizes)} cannot become {Format(newSizes)}");
        long n = 1;
        foreach (int s in newSizes)
        {
            if (s < 0)
                throw new ExecuTorchException(ErrorCode.InvalidArgument, $"negative size in {Format(newSizes)}");
            n = s == 0 ? 0 : n > long.MaxValue / s ? long.MaxValue : n * s;
        }
        if (n > bound)
            throw new ExecuTorchException(ErrorCode.NotSupported, $"sizes {Format(newSizes)} have {n} elements, the tensor's bound is {bound}");
        newSizes.CopyTo(sizes);
        Numel = n;
        UpdateStrides();
    }

    /// <summary>A tensor of other sizes and contiguous order over the same bytes.</summary>
    public Tensor ViewAs(ReadOnlySpan<int> newSizes) => new(Type, newSizes, storage);

    /// <summary>A contiguous copy with memory of its own.</summary>
    public Tensor Clone()
    {
        var t = new Tensor(Type, sizes, new byte[ByteLength], [.. dimOrder]);
        Bytes.CopyTo(t.Bytes);
        return t;
    }

    /// <summary>The dim order 0, 1, 2, ….</summary>
    public static byte[] ContiguousOrder(int rank)
    {
        var order = new byte[rank];
        for (int i = 0; i < rank; i++)
            order[i] = (byte)i;
        return order;
    }

    /// <summary>Text for messages: <c>[1, 3, 224, 224]</c>.</summary>
    public static string Format(ReadOnlySpan<int> sizes) => "[" + string.Join(", ", sizes.ToArray()) + "]";

    /// <inheritdoc/>
    public override string ToString() => $"{Type.Name()}{Format(sizes)}";

    private void UpdateStrides()
    {
        int stride = 1;
        for (int i = dimOrder.Length - 1; i >= 0; i--)
        {
            strides[dimOrder[i]] = stride;
            stride = unchecked(stride * Math.Max(sizes[dimOrder[i]], 1));
        }
    }

    private void ThrowNoStorage(long need) =>
        throw new ExecuTorchException(ErrorCode.InvalidState, $"tensor {this} has {storage.Length} bytes of memory, {need} are needed");
}
