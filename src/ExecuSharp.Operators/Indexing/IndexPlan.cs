using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Indexing;

/// <summary>
/// Which elements <c>self[indices]</c> takes: blocks of <see cref="Run"/> neighbouring elements at <see cref="Offsets"/>, in the order of the result.
/// Index tensors are broadcast; a mask stands for the coordinates of its true elements. The axes of the indices go where the first index is,
/// or to the front if indices are not neighbours.
/// </summary>
internal ref struct IndexPlan
{
    private readonly Tensor self;
    private readonly Span<int> sizes;
    private IndexAxis.List axes;
    private int count;
    private int first = -1;
    private int last = -1;
    private int blocks;
    private int rank;
    private Scratch<long> offsets;

    /// <summary>Plans the access to a contiguous tensor.</summary>
    /// <param name="self">The tensor.</param>
    /// <param name="slots">Index tensors, or null for whole dimensions; at least one is given.</param>
    /// <param name="sizes">Room for 2 · <see cref="Broadcasting.MaxRank"/> sizes of the result.</param>
    public IndexPlan(Tensor self, ReadOnlySpan<EValue?> slots, Span<int> sizes)
    {
        KernelChecks.Require(slots.Length <= self.Rank, $"{slots.Length} indices for {self.Rank} dimensions");
        this.self = self;
        this.sizes = sizes;
        using var values = new Scratch<long>(CountValues(slots));
        ReadAxes(slots, values.Span);
        Span<int> buffer = stackalloc int[Broadcasting.MaxRank], other = stackalloc int[Broadcasting.MaxRank];
        var shape = Broadcast(buffer, other);
        bool together = blocks == 1;
        int lead = together ? first : 0;
        for (int d = 0; d < lead; d++)
            sizes[rank++] = self.Sizes[d];
        foreach (int size in shape)
            sizes[rank++] = size;
        for (int d = lead; d < self.Rank; d++)
            if (d > last || axes[d].Index is null)
                sizes[rank++] = self.Sizes[d];
        Run = 1;
        for (int d = last + 1; d < self.Rank; d++)
            Run *= self.Sizes[d];
        int indexed = Product(shape), whole = WholeCount();
        offsets = new Scratch<long>(checked(indexed * whole));
        for (int i = 0; i < indexed; i++)
        {
            long start = Start(i, shape, values.Span);
            for (int j = 0; j < whole; j++)
                offsets.Span[together ? (j * indexed) + i : (i * whole) + j] = start + WholeOffset(j);
        }
    }

    /// <summary>Sizes of the result.</summary>
    public readonly ReadOnlySpan<int> Sizes => sizes[..rank];

    /// <summary>First element of each block.</summary>
    public readonly ReadOnlySpan<long> Offsets => offsets.Span;

    /// <summary>Elements in a block.</summary>
    public int Run { get; }

    /// <summary>True if the slots hold no index at all.</summary>
    public static bool IsWhole(ReadOnlySpan<EValue?> slots)
    {
        foreach (var slot in slots)
            if (slot is { IsNone: false })
                return false;
        return true;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => offsets.Dispose();

    private static int CountValues(ReadOnlySpan<EValue?> slots)
    {
        long total = 0;
        foreach (var slot in slots)
            if (slot is { IsNone: false } && slot.AsTensor() is var index)
                total += index.Numel * (IsMask(index) ? index.Rank : 1);
        return checked((int)total);
    }

    private static bool IsMask(Tensor index) => index.Type is ScalarType.Bool or ScalarType.Byte;

    // One axis for each dimension of the tensor up to the last index.
    private void ReadAxes(ReadOnlySpan<EValue?> slots, Span<long> values)
    {
        int used = 0;
        bool inBlock = false;
        foreach (var slot in slots)
        {
            if (slot is not { IsNone: false })
            {
                count++;
                inBlock = false;
                continue;
            }
            blocks += inBlock ? 0 : 1;
            inBlock = true;
            var index = slot.AsTensor();
            if (IsMask(index))
            {
                ReadMask(index, values, ref used);
                continue;
            }
            KernelChecks.Require(index.Type is ScalarType.Long or ScalarType.Int, $"an index of type {index.Type.Name()}");
            KernelChecks.Require(count < self.Rank, $"more than {self.Rank} indexed dimensions");
            ElementBlocks.Load(index, 0, 1, values.Slice(used, (int)index.Numel));
            Add(index, ref used, (int)index.Numel, isMask: false);
        }
        KernelChecks.Require(count <= self.Rank, $"{count} indexed dimensions of {self.Rank}");
    }

    private void ReadMask(Tensor mask, Span<long> values, ref int used)
    {
        KernelChecks.Require(mask.Rank > 0 && count + mask.Rank <= self.Rank && mask.Sizes.SequenceEqual(self.Sizes.Slice(count, mask.Rank)), $"a mask {mask} over {self}");
        var bytes = mask.Span<byte>();
        int found = bytes.Length - bytes.Count((byte)0);
        for (int d = 0; d < mask.Rank; d++)
        {
            int stride = mask.Strides[d], size = Math.Max(mask.Sizes[d], 1), at = used;
            for (int i = 0; i < bytes.Length; i++)
                if (bytes[i] != 0)
                    values[at++] = i / stride % size;
            Add(mask, ref used, found, isMask: true);
        }
    }

    private void Add(Tensor index, ref int used, int length, bool isMask)
    {
        first = first < 0 ? count : first;
        last = count;
        axes[count++] = new IndexAxis { Index = index, Start = used, Count = length, IsMask = isMask };
        used += length;
    }

    private readonly ReadOnlySpan<int> Broadcast(Span<int> buffer, Span<int> other)
    {
        Span<int> one = stackalloc int[1];
        ReadOnlySpan<int> shape = default;
        for (int d = first; d <= last; d++)
        {
            if (axes[d].Index is null)
                continue;
            shape = Broadcasting.Sizes(shape, axes[d].Shape(one), buffer);
            // The next shape is written while this one is read.
            var free = other;
            other = buffer;
            buffer = free;
        }
        return shape;
    }

    private static int Product(ReadOnlySpan<int> sizes)
    {
        int n = 1;
        foreach (int size in sizes)
            n = checked(n * size);
        return n;
    }

    private readonly long Start(int position, ReadOnlySpan<int> shape, ReadOnlySpan<long> values)
    {
        Span<int> one = stackalloc int[1];
        long start = 0;
        for (int d = first; d <= last; d++)
        {
            if (axes[d].Index is null)
                continue;
            int size = self.Sizes[d];
            long value = values[axes[d].Start + Place(position, shape, axes[d].Shape(one))];
            KernelChecks.Require(value >= -size && value < size, $"index {value} in dim {d} of {size}");
            start += (value < 0 ? value + size : value) * self.Strides[d];
        }
        return start;
    }

    // Where the value for a position of the common shape is among those of a shape that is broadcast to it.
    private static int Place(int position, ReadOnlySpan<int> common, ReadOnlySpan<int> shape)
    {
        int offset = 0, stride = 1;
        for (int i = 1; i <= shape.Length; i++)
        {
            int coordinate = position % common[^i];
            position /= common[^i];
            if (shape[^i] != 1)
                offset += coordinate * stride;
            stride *= shape[^i];
        }
        return offset;
    }

    private readonly int WholeCount()
    {
        int n = 1;
        for (int d = 0; d < last; d++)
            if (axes[d].Index is null)
                n = checked(n * self.Sizes[d]);
        return n;
    }

    private readonly long WholeOffset(int position)
    {
        long offset = 0;
        for (int d = last - 1; d >= 0; d--)
        {
            if (axes[d].Index is not null)
                continue;
            offset += (long)(position % self.Sizes[d]) * self.Strides[d];
            position /= self.Sizes[d];
        }
        return offset;
    }
}
