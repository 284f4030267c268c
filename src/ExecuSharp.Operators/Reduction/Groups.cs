using System.Runtime.CompilerServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Reduction;

/// <summary>Which dimensions a reduction goes over, and the walk over the groups of elements that it makes one.</summary>
internal readonly struct Groups
{
    private const int Block = 512;
    private readonly uint reduced;

    private Groups(uint reduced) => this.reduced = reduced;

    /// <summary>All dimensions.</summary>
    public static Groups All { get; } = new(uint.MaxValue);

    /// <summary>The listed dims, or all if none is listed. A dim twice is refused.</summary>
    public static Groups Over(Tensor x, ReadOnlySpan<long> dims)
    {
        if (dims.IsEmpty)
            return All;
        uint mask = 0;
        foreach (long d in dims)
        {
            uint bit = 1u << KernelChecks.WrapDim(d, x.Rank);
            KernelChecks.Require((mask & bit) == 0, $"dim {d} is listed twice");
            mask |= bit;
        }
        return new Groups(mask);
    }

    /// <summary>Elements of each group.</summary>
    public long Count(Tensor x)
    {
        long n = 1;
        for (int d = 0; d < x.Rank; d++)
            n *= IsReduced(d) ? x.Sizes[d] : 1;
        return n;
    }

    /// <summary>Gives the output the sizes that are left.</summary>
    public void ResizeOut(Tensor x, bool keepDim, Tensor output)
    {
        Span<int> sizes = stackalloc int[Broadcasting.MaxRank];
        int rank = 0;
        for (int d = 0; d < x.Rank; d++)
        {
            if (!IsReduced(d))
                sizes[rank++] = x.Sizes[d];
            else if (keepDim)
                sizes[rank++] = 1;
        }
        KernelChecks.ResizeOut(output, sizes[..rank]);
    }

    /// <summary>Calls the kernel for each output element, in the order of the kept dimensions.</summary>
    /// <param name="context">Threads.</param>
    /// <param name="x">The operand.</param>
    /// <param name="compute">The type in which elements are read; <typeparamref name="T"/> is byte for Bool.</param>
    /// <param name="outputs">Number of output elements.</param>
    /// <param name="kernel">The reduction.</param>
    public void Run<T, K>(KernelContext context, Tensor x, ScalarType compute, long outputs, K kernel)
        where T : unmanaged where K : struct, IGroupKernel<T> =>
        ParallelRanges.Run(context, x.Numel, outputs, new Job<T, K>(this, x, compute, kernel));

    [SkipLocalsInit]
    private void RunRange<T, K>(Tensor x, ScalarType compute, K kernel, long start, long end) where T : unmanaged where K : struct, IGroupKernel<T>
    {
        Span<int> sizes = stackalloc int[x.Rank], strides = stackalloc int[x.Rank];
        int at = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int d = 0; d < x.Rank; d++)
            {
                if (IsReduced(d) != (pass == 1))
                    continue;
                (sizes[at], strides[at]) = (x.Sizes[d], x.Strides[d]);
                at++;
            }
        }
        var reader = new OperandReader<T>(x, sizes, strides, 0, stackalloc T[Block], compute);
        long count = Count(x);
        for (long o = start; o < end; o++)
            kernel.Reduce(ref reader, o * count, count, o);
    }

    private bool IsReduced(int dim) => (reduced & (1u << dim)) != 0;

    private readonly struct Job<T, K>(Groups groups, Tensor x, ScalarType compute, K kernel) : IRangeJob where T : unmanaged where K : struct, IGroupKernel<T>
    {
        public void Run(long start, long end) => groups.RunRange<T, K>(x, compute, kernel, start, end);
    }
}
