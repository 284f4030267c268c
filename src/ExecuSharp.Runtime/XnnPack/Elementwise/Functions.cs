using System.Runtime.CompilerServices;
using ExecuSharp.Formats.XnnPack;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>The functions of element-wise nodes.</summary>
internal static class Functions
{
    /// <summary>The function of a node of one input; null for another node.</summary>
    /// <param name="type">The node.</param>
    /// <param name="parameter">Slope or alpha.</param>
    /// <param name="range">Bounds of Clamp.</param>
    public static UnaryKernel? Unary(XnnNodeType type, float parameter, XnnRange? range) => type switch
    {
        XnnNodeType.Abs => UnaryKernel.Of(default(Abs)),
        XnnNodeType.Ceiling => UnaryKernel.Of(default(Ceiling)),
        XnnNodeType.Clamp => UnaryKernel.Of(new Clamp(range?.Min ?? float.NegativeInfinity, range?.Max ?? float.PositiveInfinity)),
        XnnNodeType.Cos => UnaryKernel.Of(default(Cosine)),
        XnnNodeType.ELU => UnaryKernel.Of(new Elu(parameter)),
        XnnNodeType.Exp => UnaryKernel.Of(default(Exp)),
        XnnNodeType.Floor => UnaryKernel.Of(default(Floor)),
        XnnNodeType.Gelu => UnaryKernel.Of(default(Gelu)),
        XnnNodeType.Hardswish => UnaryKernel.Of(default(Hardswish)),
        XnnNodeType.LeakyReLU => UnaryKernel.Of(new LeakyRelu(parameter)),
        XnnNodeType.Log => UnaryKernel.Of(default(Log)),
        XnnNodeType.Negate => UnaryKernel.Of(default(Negate)),
        XnnNodeType.ReciprocalSquareRoot => UnaryKernel.Of(default(ReciprocalSquareRoot)),
        XnnNodeType.Sigmoid => UnaryKernel.Of(default(Sigmoid)),
        XnnNodeType.Sin => UnaryKernel.Of(default(Sine)),
        XnnNodeType.Square => UnaryKernel.Of(default(Square)),
        XnnNodeType.SquareRoot => UnaryKernel.Of(default(SquareRoot)),
        XnnNodeType.Tanh => UnaryKernel.Of(default(Tanh)),
        _ => null,
    };

    /// <summary>The function of a node of two inputs; null for another node.</summary>
    public static BinaryKernel? Binary(XnnNodeType type, float min, float max)
    {
        bool bounded = min > float.NegativeInfinity || max < float.PositiveInfinity;
        return type switch
        {
            XnnNodeType.Add => bounded ? BinaryKernel.Of(new Bounded<Add>(min, max)) : BinaryKernel.Of(default(Add)),
            XnnNodeType.Subtract => bounded ? BinaryKernel.Of(new Bounded<Subtract>(min, max)) : BinaryKernel.Of(default(Subtract)),
            XnnNodeType.Multiply => bounded ? BinaryKernel.Of(new Bounded<Multiply>(min, max)) : BinaryKernel.Of(default(Multiply)),
            XnnNodeType.Div => bounded ? BinaryKernel.Of(new Bounded<Divide>(min, max)) : BinaryKernel.Of(default(Divide)),
            XnnNodeType.Minimum => BinaryKernel.Of(default(Minimum)),
            XnnNodeType.Maximum => BinaryKernel.Of(default(Maximum)),
            XnnNodeType.PReLU => BinaryKernel.Of(default(PRelu)),
            _ => null,
        };
    }

    private readonly struct Abs : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Abs(x);
    }

    private readonly struct Ceiling : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Ceiling(x);
    }

    private readonly struct Floor : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Floor(x);
    }

    private readonly struct Clamp(float min, float max) : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Min(S.Broadcast(max), S.Max(S.Broadcast(min), x));
    }

    private readonly struct Cosine : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => Trigonometry.Cosine<S, V>(x);
    }

    private readonly struct Sine : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => Trigonometry.Sine<S, V>(x);
    }

    private readonly struct Exp : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Exp<S, V>(x);
    }

    private readonly struct Gelu : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Gelu<S, V>(x);
    }

    private readonly struct Log : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Log<S, V>(x);
    }

    private readonly struct Negate : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Negate(x);
    }

    private readonly struct Sigmoid : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Sigmoid<S, V>(x);
    }

    private readonly struct Square : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Mul(x, x);
    }

    private readonly struct SquareRoot : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Sqrt(x);
    }

    private readonly struct Tanh : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => VectorMath.Tanh<S, V>(x);
    }

    private readonly struct ReciprocalSquareRoot : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Div(S.Broadcast(1f), S.Sqrt(x));
    }

    private readonly struct Elu(float alpha) : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Select(S.Less(x, S.Broadcast(0f)), S.Mul(S.Broadcast(alpha), VectorMath.Expm1<S, V>(x)), x);
    }

    private readonly struct LeakyRelu(float slope) : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Select(S.Less(x, S.Broadcast(0f)), S.Mul(x, S.Broadcast(slope)), x);
    }

    private readonly struct Hardswish : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V x) where S : ISimd<V> where V : struct => S.Mul(S.Mul(x, S.Broadcast(1f / 6f)), S.Min(S.Broadcast(6f), S.Max(S.Broadcast(0f), S.Add(x, S.Broadcast(3f)))));
    }

    private readonly struct Add : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Add(a, b);
    }

    private readonly struct Subtract : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Sub(a, b);
    }

    private readonly struct Multiply : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Mul(a, b);
    }

    private readonly struct Divide : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Div(a, b);
    }

    private readonly struct Minimum : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Min(a, b);
    }

    private readonly struct Maximum : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Max(a, b);
    }

    private readonly struct PRelu : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Select(S.Less(a, S.Broadcast(0f)), S.Mul(a, b), a);
    }

    private readonly struct Bounded<F>(float min, float max) : IBinaryFunction where F : struct, IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct =>
            S.Min(S.Broadcast(max), S.Max(S.Broadcast(min), default(F).Invoke<S, V>(a, b)));
    }
}
