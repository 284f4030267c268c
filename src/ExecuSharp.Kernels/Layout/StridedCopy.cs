using System.Runtime.InteropServices;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Kernels.Layout;

/// <summary>
/// Copies elements of any size between two strided views of memory. Permutations, slices, expansions, windows, flips and shuffles are all this
/// copy with other strides.
/// </summary>
public static unsafe class StridedCopy
{
    private const long ThreadingThreshold = 1 << 20;

    /// <summary>Copies <c>target[targetOffset + sum(i_d * targetStride_d)] = source[sourceOffset + sum(i_d * sourceStride_d)]</c> for all i.</summary>
    /// <param name="context">Threads.</param>
    /// <param name="source">Bytes of the source.</param>
    /// <param name="sourceOffset">First element.</param>
    /// <param name="sourceStrides">Distances in elements; zero and negative ones are fine.</param>
    /// <param name="target">Bytes of the target; must not overlap the source.</param>
    /// <param name="targetOffset">First element.</param>
    /// <param name="targetStrides">Distances in elements.</param>
    /// <param name="sizes">Number of elements along each dimension.</param>
    /// <param name="elementSize">1, 2, 4, 8 or 16 bytes.</param>
    /// <exception cref="ArgumentException">A view leaves its memory.</exception>
    public static void Run(KernelContext context, ReadOnlySpan<byte> source, long sourceOffset, ReadOnlySpan<long> sourceStrides, Span<byte> target, long targetOffset, ReadOnlySpan<long> targetStrides, ReadOnlySpan<int> sizes, int elementSize)
    {
        if (sourceStrides.Length != sizes.Length || targetStrides.Length != sizes.Length)
            throw new ArgumentException($"{sizes.Length} sizes, {sourceStrides.Length} and {targetStrides.Length} strides");
        foreach (int size in sizes)
            if (size == 0)
                return;
        CheckBounds(source.Length / elementSize, sourceOffset, sourceStrides, sizes, nameof(source));
        CheckBounds(target.Length / elementSize, targetOffset, targetStrides, sizes, nameof(target));
        Span<Axis> axes = stackalloc Axis[Math.Max(sizes.Length, 1)];
        int rank = Simplify(sourceStrides, targetStrides, sizes, axes);
        fixed (byte* from = &MemoryMarshal.GetReference(source), to = &MemoryMarshal.GetReference(target))
        fixed (Axis* first = axes)
        {
            byte* s = from + (sourceOffset * elementSize), t = to + (targetOffset * elementSize);
            long bytes = elementSize;
            for (int i = 0; i < rank; i++)
                bytes *= axes[i].Size;
            if (context.Pool.Threads > 1 && bytes >= ThreadingThreshold && axes[0].Size >= 2)
            {
                int parts = (int)Math.Min(axes[0].Size, context.Pool.Threads * 4);
                context.Pool.Run(parts, new Parts(s, t, first, rank, elementSize, parts));
            }
            else
            {
                Walk(s, t, first, rank, elementSize);
            }
        }
    }

    private static void Walk(byte* source, byte* target, Axis* axes, int rank, int elementSize)
    {
        switch (elementSize)
        {
            case 1: Walk(source, target, axes, rank); break;
            case 2: Walk((ushort*)source, (ushort*)target, axes, rank); break;
            case 4: Walk((uint*)source, (uint*)target, axes, rank); break;
            case 8: Walk((ulong*)source, (ulong*)target, axes, rank); break;
            case 16: Walk((UInt128*)source, (UInt128*)target, axes, rank); break;
            default: throw new ArgumentException($"elements of {elementSize} bytes", nameof(elementSize));
        }
    }

    private static void Walk<T>(T* source, T* target, Axis* axes, int rank) where T : unmanaged
    {
        if (rank == 1)
        {
            Line(source, target, axes[0]);
            return;
        }
        if (rank == 2 && axes[1].Source != 1 && axes[0].Source == 1 && axes[1].Target == 1)
        {
            Transpose(source, target, axes[0], axes[1]);
            return;
        }
        for (long i = 0; i < axes[0].Size; i++)
            Walk(source + (i * axes[0].Source), target + (i * axes[0].Target), axes + 1, rank - 1);
    }

    private static void Line<T>(T* source, T* target, Axis axis) where T : unmanaged
    {
        if (axis.Source == 1 && axis.Target == 1)
        {
            Buffer.MemoryCopy(source, target, axis.Size * sizeof(T), axis.Size * sizeof(T));
        }
        else if (axis.Source == 0 && axis.Target == 1)
        {
            new Span<T>(target, (int)axis.Size).Fill(*source);
        }
        else
        {
            nint from = (nint)axis.Source, to = (nint)axis.Target;
            for (nint i = (nint)axis.Size; i > 0; i--)
            {
                *target = *source;
                source += from;
                target += to;
            }
        }
    }

    // The source runs along the outer axis, the target along the inner one: tiles keep both within a few cache lines.
    private static void Transpose<T>(T* source, T* target, Axis outer, Axis inner) where T : unmanaged
    {
        const int Tile = 16;
        for (long i0 = 0; i0 < outer.Size; i0 += Tile)
            for (long j0 = 0; j0 < inner.Size; j0 += Tile)
            {
                long iEnd = Math.Min(i0 + Tile, outer.Size), jEnd = Math.Min(j0 + Tile, inner.Size);
                for (long i = i0; i < iEnd; i++)
                {
                    T* to = target + (i * outer.Target);
                    T* from = source + i;
                    for (long j = j0; j < jEnd; j++)
                        to[j] = from[j * inner.Source];
                }
            }
    }

    private static int Simplify(ReadOnlySpan<long> source, ReadOnlySpan<long> target, ReadOnlySpan<int> sizes, Span<Axis> axes)
    {
        int count = 0;
        for (int d = 0; d < sizes.Length; d++)
        {
            if (sizes[d] == 1)
                continue;
            var axis = new Axis { Size = sizes[d], Source = source[d], Target = target[d] };
            int at = count++;
            for (; at > 0 && Math.Abs(axes[at - 1].Target) < Math.Abs(axis.Target); at--)
                axes[at] = axes[at - 1];
            axes[at] = axis;
        }
        if (count == 0)
        {
            axes[0] = new Axis { Size = 1, Source = 1, Target = 1 };
            return 1;
        }
        int last = 0;
        for (int i = 1; i < count; i++)
        {
            var axis = axes[i];
            if (axes[last].Source == axis.Source * axis.Size && axes[last].Target == axis.Target * axis.Size)
                axes[last] = new Axis { Size = axes[last].Size * axis.Size, Source = axis.Source, Target = axis.Target };
            else
                axes[++last] = axis;
        }
        return last + 1;
    }

    private static void CheckBounds(long length, long offset, ReadOnlySpan<long> strides, ReadOnlySpan<int> sizes, string name)
    {
        long low = offset, high = offset;
        for (int d = 0; d < sizes.Length; d++)
        {
            long reach = checked(strides[d] * (sizes[d] - 1));
            if (reach < 0)
                low = checked(low + reach);
            else
                high = checked(high + reach);
        }
        if (low < 0 || high >= length)
            throw new ArgumentException($"elements {low} to {high} of {length}", name);
    }

    private struct Axis
    {
        public long Size;
        public long Source;
        public long Target;
    }

    private readonly struct Parts(byte* source, byte* target, Axis* axes, int rank, int elementSize, int parts) : IParallelJob
    {
        public void Run(int part)
        {
            var outer = axes[0];
            long begin = outer.Size * part / parts, end = outer.Size * (part + 1) / parts;
            Axis* mine = stackalloc Axis[rank];
            for (int i = 0; i < rank; i++)
                mine[i] = axes[i];
            mine[0].Size = end - begin;
            Walk(source + (begin * outer.Source * elementSize), target + (begin * outer.Target * elementSize), mine, rank, elementSize);
        }
    }
}
