using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Reduction;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Reduction;

/// <summary>The largest or smallest element of a group and its place; the first of equal ones, and a NaN wins, the first one.</summary>
/// <param name="width">Vector width.</param>
/// <param name="largest">The largest, else the smallest.</param>
/// <param name="values">Where the element goes, or null.</param>
/// <param name="indices">Where its place goes, or null.</param>
/// <param name="isBool">Elements are bytes of 0 and 1 that stand for Bool.</param>
internal readonly struct ExtremeGroup<T>(SimdWidth width, bool largest, Tensor? values, Tensor? indices, bool isBool) : IGroupKernel<T>
    where T : unmanaged, INumber<T>
{
    public void Reduce(scoped ref OperandReader<T> elements, long start, long count, long output)
    {
        T best = T.Zero;
        long place = -1;
        for (long at = 0; at < count; at += elements.MaxRun)
        {
            var run = elements.Read(start + at, (int)Math.Min(elements.MaxRun, count - at));
            if (typeof(T) == typeof(float) && largest && indices is null && Largest(run) is var max && !T.IsZero(max))
            {
                best = place < 0 || T.IsNaN(max) || best < max ? max : best;
                place = at;
            }
            else
            {
                int i = Scan(run, ref best, place < 0);
                place = i >= 0 ? at + i : place;
            }
            if (T.IsNaN(best))
                break;
        }
        Write(best, Math.Max(place, 0), output);
    }

    /// <summary>The largest element of a run of floats; which of two zeros is open.</summary>
    private T Largest(ReadOnlySpan<T> run) => T.CreateTruncating(ReductionLoops.Max(width, MemoryMarshal.Cast<T, float>(run)));

    /// <summary>The place of a new best element in a run, or -1.</summary>
    private int Scan(ReadOnlySpan<T> run, ref T best, bool first)
    {
        int place = -1;
        T current = best;
        for (int i = 0; i < run.Length; i++)
        {
            T v = run[i];
            if (!first && !(largest ? current < v : v < current) && !T.IsNaN(v))
                continue;
            first = false;
            current = v;
            place = i;
            if (T.IsNaN(v))
                break;
        }
        best = current;
        return place;
    }

    private void Write(T best, long place, long output)
    {
        if (values is not null && isBool)
            ElementBlocks.Store<bool>([!T.IsZero(best)], values, output);
        else if (values is not null)
            ElementBlocks.Store<T>([best], values, output);
        if (indices is not null)
            indices.Span<long>()[(int)output] = place;
    }
}
