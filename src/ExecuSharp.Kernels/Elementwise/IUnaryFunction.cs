using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Elementwise;

/// <summary>A float32 function of one argument, written once for every vector width.</summary>
public interface IUnaryFunction
{
    /// <summary>The function on each lane.</summary>
    V Invoke<S, V>(V x) where S : ISimd<V> where V : struct;
}
