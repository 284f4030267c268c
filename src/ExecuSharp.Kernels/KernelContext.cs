using ExecuSharp.Kernels.Simd;
using ExecuSharp.Kernels.Spectral;
using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Kernels;

/// <summary>What a kernel may use: a vector width and threads.</summary>
/// <param name="width">The vector width; one that the machine lacks still computes the same, slowly.</param>
/// <param name="pool">Threads.</param>
/// <param name="random">Source of random numbers; by default one with a fixed seed.</param>
public sealed class KernelContext(SimdWidth width, WorkerPool pool, Random? random = null)
{
    private readonly Dictionary<int, FourierTransform> transforms = [];

    /// <summary>The vector width that kernels use.</summary>
    public SimdWidth Width { get; } = width;

    /// <summary>Threads for large kernels.</summary>
    public WorkerPool Pool { get; } = pool;

    /// <summary>Memory for intermediate results inside a call; used by one method at a time.</summary>
    public Workspace Workspace { get; } = new();

    /// <summary>Source of random numbers for the operators that draw them; used by one method at a time.</summary>
    public Random Random { get; } = random ?? new Random(0);

    /// <summary>The Fourier transform of a length, prepared once; used by one method at a time.</summary>
    public FourierTransform Transform(int size)
    {
        if (!transforms.TryGetValue(size, out var transform))
            transforms.Add(size, transform = new FourierTransform(size));
        return transform;
    }

    /// <summary>The preferred width on the caller's thread alone.</summary>
    public static KernelContext SingleThreaded() => new(SimdWidths.Preferred, new WorkerPool(1));
}
