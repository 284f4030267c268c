using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Runtime.XnnPack;

/// <summary>What operators compute with: all threads for splitting work, one thread for the parts.</summary>
internal sealed record XnnContext(KernelContext Parallel, KernelContext Serial, KernelContext SerialHalf)
{
    /// <summary>One thread with the vector width that a matrix is packed for.</summary>
    public KernelContext SerialFor(SimdWidth width) => width == Serial.Width ? Serial : SerialHalf;

    public SimdWidth Width => Parallel.Width;

    public int Threads => Parallel.Pool.Threads;
}
