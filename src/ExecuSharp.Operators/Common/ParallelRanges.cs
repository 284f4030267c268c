using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Operators.Common;

/// <summary>Splits long work over the threads of a context.</summary>
internal static class ParallelRanges
{
    /// <summary>Elements from which threads pay.</summary>
    public const long Threshold = 65536;

    /// <summary>True if <paramref name="work"/> elements should be split.</summary>
    public static bool Pays(KernelContext context, long work) => context.Pool.Threads > 1 && work >= Threshold;

    /// <summary>Runs a job over [0, <paramref name="count"/>), in one piece or, where <paramref name="work"/> elements are worth it, on all threads.</summary>
    public static void Run<TJob>(KernelContext context, long work, long count, TJob job) where TJob : struct, IRangeJob
    {
        if (count <= 1 || !Pays(context, work))
        {
            job.Run(0, count);
            return;
        }
        int parts = (int)Math.Min(context.Pool.Threads, count);
        context.Pool.Run(parts, new Parts<TJob>(job, count, parts));
    }

    private readonly struct Parts<TJob>(TJob job, long count, int parts) : IParallelJob where TJob : struct, IRangeJob
    {
        public void Run(int part) => job.Run(count * part / parts, count * (part + 1) / parts);
    }
}
