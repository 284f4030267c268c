using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elements;

/// <summary>Writes vectors of floats as elements of some type.</summary>
public unsafe interface ILaneTarget
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Size { get; }

    /// <summary>Writes a vector that belongs to the channels from <paramref name="channel"/> on.</summary>
    void Store<S, V>(V value, byte* address, nint channel) where S : ISimd<V> where V : struct;
}
