namespace ExecuSharp.Core;

/// <summary>What is known of a tensor at compile time: element type, sizes, dim order.</summary>
public sealed record TensorSpec
{
    /// <summary>Makes a spec in contiguous order.</summary>
    public TensorSpec(ScalarType type, params Dim[] sizes)
        : this(type, sizes, Tensor.ContiguousOrder(sizes.Length))
    {
    }

    /// <summary>Makes a spec.</summary>
    public TensorSpec(ScalarType type, Dim[] sizes, byte[] dimOrder)
    {
        Type = type;
        Sizes = sizes;
        DimOrder = dimOrder;
    }

    /// <summary>A spec with fixed sizes, in contiguous order.</summary>
    public static TensorSpec Of(ScalarType type, ReadOnlySpan<int> sizes)
    {
        var dims = new Dim[sizes.Length];
        for (int i = 0; i < dims.Length; i++)
            dims[i] = sizes[i];
        return new TensorSpec(type, dims);
    }

    /// <summary>The spec of a tensor.</summary>
    public static TensorSpec Of(Tensor tensor) => Of(tensor.Type, tensor.Sizes) with { DimOrder = tensor.DimOrder.ToArray() };

    /// <summary>Element type.</summary>
    public ScalarType Type { get; init; }

    /// <summary>Sizes; a dynamic one carries its expression.</summary>
    public Dim[] Sizes { get; init; }

    /// <summary>Dimensions, outermost first.</summary>
    public byte[] DimOrder { get; init; }

    /// <summary>Number of dimensions.</summary>
    public int Rank => Sizes.Length;

    /// <summary>True if all sizes are fixed.</summary>
    public bool IsStatic => Array.TrueForAll(Sizes, d => d.IsStatic);

    /// <summary>Elements at the upper bound.</summary>
    public long MaxNumel => Sizes.Aggregate(1L, (n, d) => checked(n * d.Value));

    /// <summary>Bytes at the upper bound.</summary>
    public long MaxBytes => checked(MaxNumel * Type.SizeOf());

    /// <summary>Upper-bound sizes.</summary>
    public int[] MaxSizes => Array.ConvertAll(Sizes, d => checked((int)d.Value));

    /// <inheritdoc/>
    public bool Equals(TensorSpec? other) => other is not null && Type == other.Type && Sizes.AsSpan().SequenceEqual(other.Sizes) && DimOrder.AsSpan().SequenceEqual(other.DimOrder);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Sizes.Length, MaxNumel);

    /// <inheritdoc/>
    public override string ToString() => $"{Type.Name()}[{string.Join(", ", Sizes)}]";
}
