using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elements;

/// <summary>Reads elements of some type as vectors of floats.</summary>
public unsafe interface ILaneSource
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Size { get; }

    /// <summary>Reads a vector.</summary>
    V Load<S, V>(byte* address) where S : ISimd<V> where V : struct;
}
