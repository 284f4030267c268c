using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Indexing;

/// <summary>
/// Which elements <c>self[indices]</c> takes: blocks of <see cref="Run"/> neighbouring elements at <see cref="Offsets"/>, in the order of the result.
/// Index tensors are broadcast; a mask stands for the coordinates of its true elements. The axes of the indices go where the first index is,
/// or to the front if indices are not neighbours.
/// </summary>
internal sealed class IndexPlan
{
    private IndexPlan(int[] sizes, long[] offsets, int run) => (Sizes, Offsets, Run) = (sizes, offsets, run);

    /// <summary>Sizes of the result.</summary>
    public int[] Sizes { get; }

    /// <summary>First element of each block.</summary>
    public long[] Offsets { get; }

    /// <summary>Elements in a block.</summary>
    public int Run { get; }

    /// <summary>Plans the access to a contiguous tensor.</summary>
    /// <param name="self">The tensor.</param>
    /// <param name="slots">Index tensors, or null for whole dimensions; at least one is given.</param>
    public static IndexPlan Make(Tensor self, ReadOnlySpan<EValue?> slots)
    {
        KernelChecks.Require(slots.Length <= self.Rank, $"{slots.Length} indices for {self.Rank} dimensions");
        var axes = Axes(self, slots, out int blocks);
        int[] shape = Broadcast(axes);
        long[] starts = Starts(self, axes, shape);
        int first = Array.FindIndex(axes, a => a is not null), last = Array.FindLastIndex(axes, a => a is not null);
        int run = 1;
        for (int d = last + 1; d < self.Rank; d++)
            run *= self.Sizes[d];
        if (blocks == 1)
        {
            long[] lead = Whole(self, 0, first, axes);
            int[] sizes = [.. self.Sizes[..first], .. shape, .. self.Sizes[(last + 1)..]];
            return new IndexPlan(sizes, Cross(lead, starts), run);
        }
        var rest = new List<int>(shape);
        for (int d = 0; d < self.Rank; d++)
            if (d > last || axes[d] is null)
                rest.Add(self.Sizes[d]);
        return new IndexPlan([.. rest], Cross(starts, Whole(self, 0, last, axes)), run);
    }

    /// <summary>True if the slots hold no index at all.</summary>
    public static bool IsWhole(ReadOnlySpan<EValue?> slots)
    {
        foreach (var slot in slots)
            if (slot is { IsNone: false })
                return false;
        return true;
    }

    // One axis for each dimension of the tensor up to the last index; null for a whole dimension.
    private static Axis?[] Axes(Tensor self, ReadOnlySpan<EValue?> slots, out int blocks)
    {
        var axes = new List<Axis?>();
        blocks = 0;
        bool inBlock = false;
        foreach (var slot in slots)
        {
            if (slot is not { IsNone: false })
            {
                axes.Add(null);
                inBlock = false;
                continue;
            }
            blocks += inBlock ? 0 : 1;
            inBlock = true;
            var index = slot.AsTensor();
            switch (index.Type)
            {
                case ScalarType.Bool or ScalarType.Byte:
                    axes.AddRange(OfMask(self, index, axes.Count));
                    break;
                case ScalarType.Long or ScalarType.Int:
                    axes.Add(new Axis(index.Sizes.ToArray(), OfIntegers(index)));
                    break;
                default:
                    KernelChecks.Fail($"an index of type {index.Type.Name()}");
                    break;
            }
        }
        KernelChecks.Require(axes.Count <= self.Rank, $"{axes.Count} indexed dimensions of {self.Rank}");
        return [.. axes];
    }

    private static long[] OfIntegers(Tensor index)
    {
        var values = new long[index.Numel];
        ElementBlocks.Load<long>(index, 0, 1, values);
        return values;
    }

    private static IEnumerable<Axis> OfMask(Tensor self, Tensor mask, int firstDim)
    {
        KernelChecks.Require(mask.Rank > 0 && firstDim + mask.Rank <= self.Rank && mask.Sizes.SequenceEqual(self.Sizes.Slice(firstDim, mask.Rank)), $"a mask {mask} over {self}");
        var bytes = mask.Span<byte>();
        var places = new List<int>();
        for (int i = 0; i < bytes.Length; i++)
            if (bytes[i] != 0)
                places.Add(i);
        var result = new Axis[mask.Rank];
        for (int d = 0; d < result.Length; d++)
        {
            int stride = mask.Strides[d], size = Math.Max(mask.Sizes[d], 1);
            result[d] = new Axis([places.Count], [.. places.Select(p => (long)(p / stride % size))]);
        }
        return result;
    }

    private static int[] Broadcast(Axis?[] axes)
    {
        Span<int> buffer = stackalloc int[Broadcasting.MaxRank];
        int[] shape = [];
        foreach (var axis in axes)
            if (axis is not null)
                shape = Broadcasting.Sizes(shape, axis.Shape, buffer).ToArray();
        return shape;
    }

    private static long[] Starts(Tensor self, Axis?[] axes, int[] shape)
    {
        long count = 1;
        foreach (int size in shape)
            count *= size;
        var starts = new long[count];
        for (int d = 0; d < axes.Length; d++)
        {
            if (axes[d] is not { } axis)
                continue;
            int size = self.Sizes[d];
            for (int i = 0; i < starts.Length; i++)
            {
                long value = axis.At(i, shape);
                KernelChecks.Require(value >= -size && value < size, $"index {value} in dim {d} of {size}");
                starts[i] += (value < 0 ? value + size : value) * self.Strides[d];
            }
        }
        return starts;
    }

    // Offsets of the whole dimensions in [from, to).
    private static long[] Whole(Tensor self, int from, int to, Axis?[] axes)
    {
        long[] offsets = [0];
        for (int d = from; d < to; d++)
            if (axes[d] is null)
                offsets = Cross(offsets, [.. Enumerable.Range(0, self.Sizes[d]).Select(i => (long)i * self.Strides[d])]);
        return offsets;
    }

    private static long[] Cross(long[] outer, long[] inner)
    {
        var result = new long[outer.Length * inner.Length];
        for (int i = 0; i < outer.Length; i++)
            for (int j = 0; j < inner.Length; j++)
                result[(i * inner.Length) + j] = outer[i] + inner[j];
        return result;
    }

    private sealed record Axis(int[] Shape, long[] Values)
    {
        // The value at a position of the common shape.
        public long At(int position, int[] common)
        {
            int offset = 0, stride = 1;
            for (int i = 1; i <= common.Length; i++)
            {
                int coordinate = position % common[^i];
                position /= common[^i];
                if (i > Shape.Length)
                    break;
                if (Shape[^i] != 1)
                    offset += coordinate * stride;
                stride *= Shape[^i];
            }
            return Values[offset];
        }
    }
}
