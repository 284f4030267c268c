using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Masking;

/// <summary>aten::nonzero.out(self, out): a row of indices for each element that is not 0, in memory order.</summary>
internal static class NonzeroKernel
{
    private const int Block = 512;

    public static void Run(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(1);
        Promotion.RequireRealOrBool(x.Type);
        KernelChecks.Require(output.Type == ScalarType.Long, $"the output is {output.Type.Name()}, not Long");
        KernelChecks.Require(output.Rank == 2, $"the output has {output.Rank} dimensions, not 2");
        KernelChecks.ResizeOut(output, [Count(x), x.Rank]);
        Write(x, output.Span<long>());
    }

    private static int Count(Tensor x)
    {
        Span<bool> buffer = stackalloc bool[Block];
        int count = 0;
        for (long at = 0; at < x.Numel; at += Block)
        {
            var run = buffer[..(int)Math.Min(Block, x.Numel - at)];
            ElementBlocks.Load(x, at, 1, run);
            foreach (bool b in run)
                count += b ? 1 : 0;
        }
        return count;
    }

    private static void Write(Tensor x, Span<long> target)
    {
        Span<bool> buffer = stackalloc bool[Block];
        int next = 0;
        for (long at = 0; at < x.Numel; at += Block)
        {
            var run = buffer[..(int)Math.Min(Block, x.Numel - at)];
            ElementBlocks.Load(x, at, 1, run);
            for (int i = 0; i < run.Length; i++)
            {
                if (!run[i])
                    continue;
                long rest = at + i;
                for (int d = x.Rank - 1; d >= 0; d--)
                {
                    target[next + d] = rest % x.Sizes[d];
                    rest /= x.Sizes[d];
                }
                next += x.Rank;
            }
        }
    }
}
