using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Layout;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Tests.Unit.Kernels.Layout;

public class StridedCopyTests
{
    [Fact]
    public void EveryPermutationAndElementSize()
    {
        int[] sizes = [3, 20, 1, 17];
        foreach (int size in new[] { 1, 2, 4, 8, 16 })
            foreach (int[] order in Permutations([0, 1, 2, 3]))
                Check(KernelContext.SingleThreaded(), sizes, order, size);
    }

    [Fact]
    public void ThreadsShareLargeCopies()
    {
        using var pool = new WorkerPool(3);
        Check(new KernelContext(SimdWidths.Best, pool), [5, 300, 1, 200], [3, 0, 2, 1], 4);
    }

    [Fact]
    public void RepeatedAndReversedElements()
    {
        byte[] target = new byte[6];
        StridedCopy.Run(KernelContext.SingleThreaded(), [1, 2, 3], 2, [0, -1], target, 0, [3, 1], [2, 3], 1);
        Assert.Equal([3, 2, 1, 3, 2, 1], target);
    }

    [Fact]
    public void ViewsOutsideTheMemoryAreRefused()
    {
        var context = KernelContext.SingleThreaded();
        Assert.Throws<ArgumentException>(() => StridedCopy.Run(context, new byte[3], 0, [2], new byte[3], 0, [1], [3], 1));
        Assert.Throws<ArgumentException>(() => StridedCopy.Run(context, new byte[3], 0, [-1], new byte[3], 0, [1], [3], 1));
        Assert.Throws<ArgumentException>(() => StridedCopy.Run(context, new byte[3], 0, [1], new byte[3], 1, [1], [3], 1));
    }

    private static void Check(KernelContext context, int[] sizes, int[] order, int elementSize)
    {
        long[] own = Strides(sizes);
        int[] result = [.. order.Select(d => sizes[d])];
        int count = sizes.Aggregate(1, (a, b) => a * b);
        var source = new byte[count * elementSize];
        new Random(1).NextBytes(source);
        var target = new byte[source.Length];
        StridedCopy.Run(context, source, 0, [.. order.Select(d => own[d])], target, 0, Strides(result), result, elementSize);
        for (int i = 0; i < count; i++)
        {
            long from = 0;
            int rest = i;
            for (int d = result.Length - 1; d >= 0; d--)
            {
                from += rest % result[d] * own[order[d]];
                rest /= result[d];
            }
            Assert.True(source.AsSpan((int)from * elementSize, elementSize).SequenceEqual(target.AsSpan(i * elementSize, elementSize)), $"order [{string.Join(", ", order)}], {elementSize} bytes: element {i}");
        }
    }

    private static long[] Strides(int[] sizes)
    {
        var strides = new long[sizes.Length];
        long stride = 1;
        for (int d = sizes.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= sizes[d];
        }
        return strides;
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(i => Permutations([.. items.Where(j => j != i)]).Select(p => (int[])[i, .. p]));
}
