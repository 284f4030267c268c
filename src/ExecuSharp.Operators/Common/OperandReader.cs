using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>
/// Gives an operand of an element-wise operator as runs of the compute type, in the order of the output's elements. What has the compute type
/// and no broadcasting is given as a slice of the tensor's memory, everything else through a buffer.
/// </summary>
internal ref struct OperandReader<T> where T : unmanaged
{
    /// <summary>Room for the dimensions of a view.</summary>
    public const int MaxRank = 32;

    // shorter runs are gathered in the buffer
    private const int ShortestDirectRun = 64;

    private readonly Tensor tensor;
    private readonly Span<T> buffer;
    private readonly bool asBool;
    private readonly bool hasDirectRuns;
    private readonly int rank;
    private readonly long origin;
    private Dims sizes;
    private Dims strides;
    private bool filled;

    /// <summary>Makes a reader.</summary>
    /// <param name="tensor">The operand.</param>
    /// <param name="outSizes">The output's sizes, to which the operand broadcasts.</param>
    /// <param name="linear">No operand is broadcast: memory order is followed, whatever the dim order.</param>
    /// <param name="compute">The compute type; <typeparamref name="T"/> is byte for Bool.</param>
    /// <param name="buffer">Room for the longest run asked for.</param>
    public OperandReader(Tensor tensor, scoped ReadOnlySpan<int> outSizes, bool linear, ScalarType compute, Span<T> buffer)
    {
        this.tensor = tensor;
        this.buffer = buffer;
        asBool = compute == ScalarType.Bool;
        IsDirect = tensor.Type == compute;
        if (linear)
        {
            rank = 1;
            sizes[0] = int.MaxValue;
            strides[0] = 1;
        }
        else
        {
            Span<int> steps = stackalloc int[MaxRank];
            rank = Collapse(outSizes, BroadcastStrides(tensor, outSizes, steps));
        }
        hasDirectRuns = IsDirect && rank > 1 && strides[rank - 1] == 1 && sizes[rank - 1] >= ShortestDirectRun;
        IsDirect &= rank == 1 && strides[0] == 1;
    }

    /// <summary>Makes a reader of any strided view.</summary>
    /// <param name="tensor">The memory.</param>
    /// <param name="outSizes">Sizes of the view.</param>
    /// <param name="steps">Distance in elements between neighbours along each dimension of the view.</param>
    /// <param name="origin">Element of the memory at which the view starts.</param>
    /// <param name="buffer">Room for the longest run asked for.</param>
    /// <param name="compute">The compute type, if it may be the tensor's own; <typeparamref name="T"/> is byte for Bool.</param>
    public OperandReader(Tensor tensor, scoped ReadOnlySpan<int> outSizes, scoped ReadOnlySpan<int> steps, long origin, Span<T> buffer, ScalarType? compute = null)
    {
        this.tensor = tensor;
        this.buffer = buffer;
        this.origin = origin;
        asBool = compute == ScalarType.Bool;
        rank = Collapse(outSizes, steps);
        IsDirect = tensor.Type == compute && rank == 1 && strides[0] == 1;
    }

    /// <summary>Runs are slices of the tensor's memory, of any length.</summary>
    public bool IsDirect { get; }

    /// <summary>A run of at most this many of <paramref name="count"/> elements from <paramref name="start"/> on is given without copying, or fits the buffer.</summary>
    public readonly int Limit(long start, int count)
    {
        if (IsDirect)
            return count;
        return hasDirectRuns ? Math.Min(count, sizes[rank - 1] - (int)(start % sizes[rank - 1])) : Math.Min(count, buffer.Length);
    }

    /// <summary>The longest run that may be asked for.</summary>
    public int MaxRun => IsDirect ? int.MaxValue : buffer.Length;

    /// <summary>The elements for the outputs from <paramref name="start"/> on.</summary>
    public ReadOnlySpan<T> Read(long start, int count)
    {
        if (IsDirect)
            return MemoryMarshal.Cast<byte, T>(tensor.Bytes).Slice((int)(origin + start), count);
        if (hasDirectRuns && (start % sizes[rank - 1]) + count <= sizes[rank - 1])
            return MemoryMarshal.Cast<byte, T>(tensor.Bytes).Slice((int)Offset(start), count);
        var target = buffer[..count];
        if (rank == 1)
        {
            if (strides[0] != 0 || !filled)
                Load(origin + (start * strides[0]), strides[0], strides[0] == 0 ? buffer : target);
            filled = true;
            return target;
        }
        Walk(start, target);
        return target;
    }

    private static ReadOnlySpan<int> BroadcastStrides(Tensor tensor, ReadOnlySpan<int> outSizes, Span<int> steps)
    {
        int lead = outSizes.Length - tensor.Rank;
        for (int d = 0; d < outSizes.Length; d++)
            steps[d] = d < lead || tensor.Sizes[d - lead] == 1 ? 0 : tensor.Strides[d - lead];
        return steps[..outSizes.Length];
    }

    private int Collapse(scoped ReadOnlySpan<int> outSizes, scoped ReadOnlySpan<int> steps)
    {
        int last = -1;
        for (int d = 0; d < outSizes.Length; d++)
        {
            int size = outSizes[d];
            if (size == 1)
                continue;
            int stride = steps[d];
            if (last >= 0 && strides[last] == (long)stride * size)
            {
                sizes[last] *= size;
                strides[last] = stride;
                continue;
            }
            last++;
            sizes[last] = size;
            strides[last] = stride;
        }
        if (last >= 0)
            return last + 1;
        sizes[0] = 1;
        strides[0] = 1;
        return 1;
    }

    private readonly long Offset(long start)
    {
        long offset = origin;
        for (int d = rank - 1; d >= 0; d--)
        {
            offset += start % sizes[d] * strides[d];
            start /= sizes[d];
        }
        return offset;
    }

    private void Walk(long start, scoped Span<T> target)
    {
        Dims index = default;
        long rest = start, offset = origin;
        for (int d = rank - 1; d >= 0; d--)
        {
            index[d] = (int)(rest % sizes[d]);
            rest /= sizes[d];
            offset += (long)index[d] * strides[d];
        }
        int inner = rank - 1;
        while (true)
        {
            int run = Math.Min(sizes[inner] - index[inner], target.Length);
            Load(offset, strides[inner], target[..run]);
            target = target[run..];
            if (target.IsEmpty)
                return;
            offset -= (long)index[inner] * strides[inner];
            index[inner] = 0;
            for (int d = inner - 1; d >= 0; d--)
            {
                offset += strides[d];
                if (++index[d] < sizes[d])
                    break;
                offset -= (long)index[d] * strides[d];
                index[d] = 0;
            }
        }
    }

    private readonly void Load(long offset, int stride, scoped Span<T> target)
    {
        if (asBool)
            ElementBlocks.Load(tensor, offset, stride, MemoryMarshal.Cast<T, bool>(target));
        else
            ElementBlocks.Load(tensor, offset, stride, target);
    }

    [InlineArray(MaxRank)]
    private struct Dims
    {
        private int first;
    }
}
