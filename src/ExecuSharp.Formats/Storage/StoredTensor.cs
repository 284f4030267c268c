using System.Runtime.InteropServices;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.Storage;

/// <summary>
/// A tensor in a file: element type, shape and strides over a storage. Nothing is read until <see cref="Bytes"/>;
/// plain row-major little-endian data is then used where it lies.
/// </summary>
public sealed class StoredTensor
{
    /// <summary>The largest number of dimensions.</summary>
    public const int MaxRank = 32;

    // an expanded tensor (stride 0) may be larger than its storage, up to this
    private const long MaxExpandedBytes = 256L << 20;

    private readonly long[] shape;
    private readonly long[] strides;

    private StoredTensor(ScalarType type, long[] shape, long[] strides, long offset, TensorStorage storage, long numel)
    {
        Type = type;
        this.shape = shape;
        this.strides = strides;
        StorageOffset = offset;
        Storage = storage;
        Numel = numel;
    }

    /// <summary>Element type.</summary>
    public ScalarType Type { get; }

    /// <summary>Sizes.</summary>
    public ReadOnlySpan<long> Shape => shape;

    /// <summary>Distances between neighbours, in elements.</summary>
    public ReadOnlySpan<long> Strides => strides;

    /// <summary>Where the first element is in the storage, in elements.</summary>
    public long StorageOffset { get; }

    /// <summary>The bytes behind; the same object for tied tensors and views.</summary>
    public TensorStorage Storage { get; }

    /// <summary>Number of elements.</summary>
    public long Numel { get; }

    /// <summary>Bytes of the row-major form.</summary>
    public long ByteLength => Numel * Type.SizeOf();

    /// <summary>Whether PyTorch was to compute a gradient for it.</summary>
    public bool RequiresGrad { get; init; }

    /// <summary>Scales of a quantized tensor, else null.</summary>
    public TensorQuantizer? Quantizer { get; init; }

    /// <summary>True if the elements are in row-major order without gaps.</summary>
    public bool IsContiguous => StridedCopy.IsContiguous(shape, strides);

    /// <summary>Makes a tensor after checking that every element is inside the storage.</summary>
    /// <param name="place">Where in the file, for errors.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="strides">Strides in elements, or null for row-major.</param>
    /// <param name="offset">First element.</param>
    /// <param name="storage">The bytes.</param>
    /// <exception cref="ModelFormatException">Negative or too many sizes, or an element outside the storage.</exception>
    public static StoredTensor Create(string place, ScalarType type, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long offset, TensorStorage storage)
    {
        if (type.SizeOf() == 0)
            throw new ModelFormatException(place, "an element type", type.Name());
        if (shape.Length > MaxRank || shape.Length != strides.Length)
            throw new ModelFormatException(place, $"at most {MaxRank} sizes and as many strides", $"{shape.Length} sizes and {strides.Length} strides");
        long numel = CheckedNumel(place, type, shape);
        CheckInside(place, type, shape, strides, offset, storage, numel);
        if (numel * type.SizeOf() > Math.Max(storage.ByteLength, MaxExpandedBytes))
            throw new ModelFormatException(place, $"an expanded tensor of at most {MaxExpandedBytes} bytes", $"{numel} elements of {type.Name()} over a storage of {storage.ByteLength} bytes");
        return new StoredTensor(type, shape.ToArray(), strides.ToArray(), offset, storage, numel);
    }

    /// <summary>Makes a row-major tensor after checking that it is inside the storage.</summary>
    /// <exception cref="ModelFormatException">Negative or too many sizes, or an element outside the storage.</exception>
    public static StoredTensor Create(string place, ScalarType type, ReadOnlySpan<long> shape, long offset, TensorStorage storage)
    {
        CheckedNumel(place, type, shape);
        return Create(place, type, shape, StridedCopy.RowMajor(shape), offset, storage);
    }

    /// <summary>The same tensor with another value of the optional properties.</summary>
    public StoredTensor With(bool requiresGrad, TensorQuantizer? quantizer) =>
        new(Type, shape, strides, StorageOffset, Storage, Numel) { RequiresGrad = requiresGrad, Quantizer = quantizer };

    /// <summary>The elements in row-major order, little-endian: a view of the file where it has them so, else a copy. Treat as read-only.</summary>
    /// <exception cref="ModelFormatException">The storage cannot be read.</exception>
    public ReadOnlyMemory<byte> Bytes()
    {
        if (Numel == 0)
            return default;
        int size = Type.SizeOf();
        var bytes = Storage.Bytes[checked((int)(StorageOffset * size))..];
        bool contiguous = IsContiguous;
        if (contiguous && !Storage.BigEndian)
            return bytes[..checked((int)ByteLength)];
        byte[] copy = new byte[ByteLength];
        StridedCopy.ToRowMajor(bytes.Span, copy, shape, strides, size);
        if (Storage.BigEndian)
            StridedCopy.SwapBytes(copy, Type.IsComplex() ? size / 2 : size);
        return copy;
    }

    /// <summary>The tensor over <see cref="Bytes"/>, in row-major order.</summary>
    /// <exception cref="ModelFormatException">The storage cannot be read, or a size is above 2^31 - 1.</exception>
    public Tensor ToTensor()
    {
        var sizes = new int[shape.Length];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = shape[i] <= int.MaxValue ? (int)shape[i] : throw new ModelFormatException(Storage.Key, "sizes below 2^31", ToString());
        return new Tensor(Type, sizes, MemoryMarshal.AsMemory(Bytes()));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type.Name()}[{string.Join(", ", shape)}]";

    private static long CheckedNumel(string place, ScalarType type, ReadOnlySpan<long> shape)
    {
        long numel = 1;
        bool empty = false;
        foreach (long size in shape)
        {
            if (size < 0)
                throw new ModelFormatException(place, "sizes of 0 or more", $"[{string.Join(", ", shape.ToArray())}]");
            empty |= size == 0;
        }
        if (empty)
            return 0;
        foreach (long size in shape)
        {
            if (size > long.MaxValue / 32 / numel)
                throw new ModelFormatException(place, $"fewer than 2^58 elements of {type.Name()}", $"[{string.Join(", ", shape.ToArray())}]");
            numel *= size;
        }
        return numel;
    }

    private static void CheckInside(string place, ScalarType type, ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, long offset, TensorStorage storage, long numel)
    {
        Int128 last = offset;
        for (int i = 0; i < shape.Length; i++)
        {
            if (strides[i] < 0)
                throw new ModelFormatException(place, "strides of 0 or more", $"[{string.Join(", ", strides.ToArray())}]");
            last += (Int128)(shape[i] - 1) * strides[i];
        }
        if (offset < 0 || (numel > 0 && (last + 1) * type.SizeOf() > storage.ByteLength))
            throw new ModelFormatException(place, $"elements inside the {storage.ByteLength} bytes of storage '{storage.Key}'",
                $"{type.Name()} at offset {offset}, shape [{string.Join(", ", shape.ToArray())}], strides [{string.Join(", ", strides.ToArray())}]");
    }
}
