using ExecuSharp.Kernels;

namespace ExecuSharp.Operators.Common;

/// <summary>Splits long work over the threads of a context.</summary>
internal static class ParallelRanges
{
    /// <summary>Elements from which threads pay.</summary>
    public const long Threshold = 65536;

    /// <summary>True if <paramref name="work"/> elements should be split.</summary>
    public static bool Pays(KernelContext context, long work) => context.Pool.Threads > 1 && work >= Threshold;

    /// <summary>Calls <paramref name="body"/> with ranges that together cover [0, <paramref name="count"/>).</summary>
    public static void Run(KernelContext context, long count, Action<long, long> body)
    {
        int parts = (int)Math.Min(context.Pool.Threads, count);
        context.Pool.Run(parts, p => body(count * p / parts, count * (p + 1) / parts));
    }
}
