using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Functions of one floating number. Those without a vector form compute in double precision.</summary>
internal static class MathElement
{
    internal readonly struct Acos : IMathElement
    {
        public double Invoke(double x) => Math.Acos(x);
    }

    internal readonly struct Acosh : IMathElement
    {
        public double Invoke(double x) => Math.Acosh(x);
    }

    internal readonly struct Asin : IMathElement
    {
        public double Invoke(double x) => Math.Asin(x);
    }

    internal readonly struct Asinh : IMathElement
    {
        public double Invoke(double x) => x == 0 ? x : Math.Asinh(x);
    }

    internal readonly struct Atan : IMathElement
    {
        public double Invoke(double x) => Math.Atan(x);
    }

    internal readonly struct Atanh : IMathElement
    {
        public double Invoke(double x) => Math.Atanh(x);
    }

    internal readonly struct Cos : IMathElement
    {
        public double Invoke(double x) => Math.Cos(x);
    }

    internal readonly struct Cosh : IMathElement
    {
        public double Invoke(double x) => Math.Cosh(x);
    }

    internal readonly struct Sin : IMathElement
    {
        public double Invoke(double x) => Math.Sin(x);
    }

    internal readonly struct Sinh : IMathElement
    {
        public double Invoke(double x) => Math.Sinh(x);
    }

    internal readonly struct Tan : IMathElement
    {
        public double Invoke(double x) => Math.Tan(x);
    }

    internal readonly struct Log2 : IMathElement
    {
        public double Invoke(double x) => Math.Log2(x);
    }

    internal readonly struct Log10 : IMathElement
    {
        public double Invoke(double x) => Math.Log10(x);
    }

    internal readonly struct Exp : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => Math.Exp(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Exp<S, V>(x);
    }

    internal readonly struct Expm1 : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => ScalarMath.Expm1(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Expm1<S, V>(x);
    }

    internal readonly struct Log : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => Math.Log(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Log<S, V>(x);
    }

    internal readonly struct Log1p : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => ScalarMath.Log1p(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Log1p<S, V>(x);
    }

    internal readonly struct Tanh : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => Math.Tanh(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Tanh<S, V>(x);
    }

    internal readonly struct Erf : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => ScalarMath.Erf(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Erf<S, V>(x);
    }

    internal readonly struct Sigmoid : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => 1 / (1 + Math.Exp(-x));

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Sigmoid<S, V>(x);
    }

    internal readonly struct Sqrt : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => Math.Sqrt(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Sqrt(x);
    }

    internal readonly struct Reciprocal : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => 1 / x;

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Div(S.Broadcast(1f), x);
    }

    internal readonly struct ReciprocalSqrt : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => 1 / Math.Sqrt(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Div(S.Broadcast(1f), S.Sqrt(x));
    }

    internal readonly struct Floor : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => Math.Floor(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Floor(x);
    }

    internal readonly struct Ceiling : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => Math.Ceiling(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Ceiling(x);
    }

    internal readonly struct Truncate : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => Math.Truncate(x);

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Truncate(x);
    }

    internal readonly struct Gelu : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => 0.5 * x * (1 + ScalarMath.Erf(x * 0.70710678118654752440));

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Gelu<S, V>(x);
    }

    internal readonly struct GeluTanh : IMathElement, IUnaryFunction
    {
        public double Invoke(double x) => 0.5 * x * (1 + Math.Tanh(0.79788456080286535588 * (x + (0.044715 * x * x * x))));

        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.GeluTanh<S, V>(x);
    }
}
