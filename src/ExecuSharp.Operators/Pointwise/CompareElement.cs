using System.Numerics;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Tests of two elements.</summary>
internal static class CompareElement
{
    internal readonly struct Equal : ICompareElement, IBinaryFunction
    {
        public bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a == b;

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Equal(a, b);
    }

    internal readonly struct NotEqual : ICompareElement, IBinaryFunction
    {
        public bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a != b;

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Xor(S.Equal(a, b), S.Equal(S.Broadcast(0f), S.Broadcast(0f)));
    }

    internal readonly struct Less : ICompareElement, IBinaryFunction
    {
        public bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a < b;

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Less(a, b);
    }

    internal readonly struct LessOrEqual : ICompareElement, IBinaryFunction
    {
        public bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a <= b;

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.LessOrEqual(a, b);
    }

    internal readonly struct Greater : ICompareElement, IBinaryFunction
    {
        public bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a > b;

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Less(b, a);
    }

    internal readonly struct GreaterOrEqual : ICompareElement, IBinaryFunction
    {
        public bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a >= b;

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.LessOrEqual(b, a);
    }

    /// <summary>The first operand is NaN.</summary>
    internal readonly struct IsNaN : ICompareElement, IBinaryFunction
    {
        public bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsNaN(a);

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Xor(S.Equal(a, a), S.Equal(S.Broadcast(0f), S.Broadcast(0f)));
    }

    /// <summary>The first operand is an infinity.</summary>
    internal readonly struct IsInfinity : ICompareElement, IBinaryFunction
    {
        public bool Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsInfinity(a);

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Equal(S.Abs(a), S.Broadcast(float.PositiveInfinity));
    }
}
