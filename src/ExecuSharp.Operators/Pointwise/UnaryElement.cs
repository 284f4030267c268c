using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Functions of one element of any type.</summary>
internal static class UnaryElement
{
    /// <summary>-x below 0. The official kernel keeps -0 in float32 and the 16-bit types, and clears its sign in float64.</summary>
    internal readonly struct Abs : IUnaryElement, IUnaryFunction
    {
        public T Invoke<T>(T x) where T : unmanaged, INumber<T> => x < T.Zero ? -x : T.IsZero(x) ? T.Zero : x;

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Select(S.Less(x, S.Broadcast(0f)), S.Negate(x), x);
    }

    internal readonly struct Negate : IUnaryElement, IUnaryFunction
    {
        public T Invoke<T>(T x) where T : unmanaged, INumber<T> => -x;

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Negate(x);
    }

    /// <summary>max(x, 0); a NaN stays, and so does -0.</summary>
    internal readonly struct Relu : IUnaryElement, IUnaryFunction
    {
        public T Invoke<T>(T x) where T : unmanaged, INumber<T> => x < T.Zero ? T.Zero : x;

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Select(S.Less(x, S.Broadcast(0f)), S.Broadcast(0f), x);
    }

    /// <summary>-1, 0 or 1; a NaN stays.</summary>
    internal readonly struct Sign : IUnaryElement, IUnaryFunction
    {
        public T Invoke<T>(T x) where T : unmanaged, INumber<T> => T.IsNaN(x) ? x : x > T.Zero ? T.One : x < T.Zero ? -T.One : T.Zero;

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct
        {
            V zero = S.Broadcast(0f);
            V sign = S.Or(S.And(S.Less(zero, x), S.Broadcast(1f)), S.And(S.Less(x, zero), S.Broadcast(-1f)));
            return S.Select(S.Equal(x, x), sign, x);
        }
    }

    /// <summary>To the nearest integer, ties to even; integers stay.</summary>
    internal readonly struct Round : IUnaryElement, IUnaryFunction
    {
        public T Invoke<T>(T x) where T : unmanaged, INumber<T> =>
            typeof(T) == typeof(double) ? IntegerDivision.As<double, T>(Math.Round(IntegerDivision.As<T, double>(x))) : x;

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Round(x);
    }

    /// <summary>All bits flipped.</summary>
    internal readonly struct Complement : IUnaryElement
    {
        public T Invoke<T>(T x) where T : unmanaged, INumber<T> => -T.One - x;
    }

    /// <summary>1 for 0, else 0.</summary>
    internal readonly struct Not : IUnaryElement
    {
        public T Invoke<T>(T x) where T : unmanaged, INumber<T> => T.IsZero(x) ? T.One : T.Zero;
    }

    /// <summary>The element itself.</summary>
    internal readonly struct Identity : IUnaryElement
    {
        public T Invoke<T>(T x) where T : unmanaged, INumber<T> => x;
    }

    /// <summary>x, or slope x below 0.</summary>
    internal readonly struct LeakyRelu(Scalar slope) : IUnaryElement, IUnaryFunction
    {
        private readonly float factor = slope.ToFloat();

        public T Invoke<T>(T x) where T : unmanaged, INumber<T> => x >= T.Zero ? x : x * ElementCast.Cast<T>(slope);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct =>
            S.Select(S.LessOrEqual(S.Broadcast(0f), x), x, S.Mul(x, S.Broadcast(factor)));
    }

    /// <summary>scale x, or alpha scale (e^(inputScale x) - 1) up to 0.</summary>
    internal readonly struct Elu(double alpha, double scale, double inputScale) : IMathElement, IUnaryFunction
    {
        private readonly float negative = (float)alpha * (float)scale;
        private readonly float positive = (float)scale;
        private readonly float inner = (float)inputScale;

        public double Invoke(double x) => x <= 0 ? ScalarMath.Expm1(x * inputScale) * (alpha * scale) : x * scale;

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Select(
            S.LessOrEqual(x, S.Broadcast(0f)),
            S.Mul(VectorMath.Expm1<S, V>(S.Mul(x, S.Broadcast(inner))), S.Broadcast(negative)),
            S.Mul(x, S.Broadcast(positive)));
    }

    /// <summary>log(x / (1 - x)), with x limited to [eps, 1 - eps] if eps is given.</summary>
    internal readonly struct Logit(double? eps) : IUnaryElement
    {
        public T Invoke<T>(T x) where T : unmanaged, INumber<T> => typeof(T) == typeof(float)
            ? IntegerDivision.As<float, T>(Float(IntegerDivision.As<T, float>(x)))
            : IntegerDivision.As<double, T>(Double(IntegerDivision.As<T, double>(x)));

        private float Float(float x)
        {
            x = (float)Limit(x);
            return (float)Math.Log(x / (1f - x));
        }

        private double Double(double x)
        {
            x = Limit(x);
            return Math.Log(x / (1 - x));
        }

        private double Limit(double x) => eps is not { } e ? x : x < e ? e : x > 1 - e ? 1 - e : x;
    }
}
