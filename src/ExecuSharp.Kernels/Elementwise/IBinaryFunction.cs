using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elementwise;

/// <summary>A float32 function of two arguments, written once for every vector width. A comparison gives a mask.</summary>
public interface IBinaryFunction
{
    /// <summary>The function on each lane.</summary>
    V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct;
}
