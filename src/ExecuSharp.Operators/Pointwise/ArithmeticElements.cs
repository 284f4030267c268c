using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>a + alpha b.</summary>
internal readonly struct AddScaled(Scalar alpha) : IBinaryElement, IBinaryFunction
{
    private readonly float factor = alpha.ToFloat();

    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a + (ElementCast.Cast<T>(alpha) * b);

    public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Add(a, S.Mul(S.Broadcast(factor), b));
}

/// <summary>a - alpha b.</summary>
internal readonly struct SubtractScaled(Scalar alpha) : IBinaryElement, IBinaryFunction
{
    private readonly float factor = alpha.ToFloat();

    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a - (ElementCast.Cast<T>(alpha) * b);

    public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Sub(a, S.Mul(S.Broadcast(factor), b));
}

/// <summary>a b.</summary>
internal readonly struct Multiply : IBinaryElement, IBinaryFunction
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a * b;

    public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Mul(a, b);
}

/// <summary>a / b of floats.</summary>
internal readonly struct Divide : IBinaryElement, IBinaryFunction
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a / b;

    public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Div(a, b);
}

/// <summary>a (1 / b): the official kernels divide by a single number like this.</summary>
internal readonly struct MultiplyByReciprocal : IBinaryElement, IBinaryFunction
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => a * (T.One / b);

    public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Mul(a, S.Div(S.Broadcast(1f), b));
}

/// <summary>The smaller; a NaN wins.</summary>
internal readonly struct Minimum : IBinaryElement, IBinaryFunction
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsNaN(a) ? a : T.IsNaN(b) ? b : b < a ? b : a;

    public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct =>
        S.Select(S.Equal(a, a), S.Select(S.Equal(b, b), S.Select(S.Less(b, a), b, a), b), a);
}

/// <summary>The larger; a NaN wins.</summary>
internal readonly struct Maximum : IBinaryElement, IBinaryFunction
{
    public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => T.IsNaN(a) ? a : T.IsNaN(b) ? b : a < b ? b : a;

    public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct =>
        S.Select(S.Equal(a, a), S.Select(S.Equal(b, b), S.Select(S.Less(a, b), b, a), b), a);
}
