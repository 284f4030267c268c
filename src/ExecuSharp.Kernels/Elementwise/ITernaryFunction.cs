using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elementwise;

/// <summary>A float32 function of three arguments, written once for every vector width.</summary>
public interface ITernaryFunction
{
    /// <summary>The function on each lane.</summary>
    V Invoke<S, V>(V a, V b, V c) where S : ISimd<V> where V : struct;
}
