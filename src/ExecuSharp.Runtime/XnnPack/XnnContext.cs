using ExecuSharp.Kernels;

namespace ExecuSharp.Runtime.XnnPack;

/// <summary>What operators compute with: all threads for splitting work, one thread for the parts.</summary>
internal sealed record XnnContext(KernelContext Parallel, KernelContext Serial)
{
    public ExecuSharp.Kernels.Simd.SimdWidth Width => Parallel.Width;

    public int Threads => Parallel.Pool.Threads;
}
