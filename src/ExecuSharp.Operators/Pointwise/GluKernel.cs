using System.Numerics;
using System.Runtime.CompilerServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>The first half along a dimension times the sigmoid of the second.</summary>
internal static class GluKernel
{
    private const int Block = 512;

    public static void Run(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(2);
        KernelChecks.Require(x.Type.IsFloating() && output.Type.IsFloating(), $"glu of {x.Type.Name()} to {output.Type.Name()}");
        int dim = KernelChecks.WrapDim(args.Int(1), x.Rank);
        KernelChecks.Require(x.Rank > 0 && x.Sizes[dim] % 2 == 0, "the halved dimension must have an even size");
        Span<int> sizes = stackalloc int[x.Rank];
        x.Sizes.CopyTo(sizes);
        sizes[dim] /= 2;
        KernelChecks.ResizeOut(output, sizes);
        KernelChecks.SameDimOrders(x, output);
        long second = (long)x.Strides[dim] * sizes[dim];
        if (x.Type == ScalarType.Double)
            Gate<double, BinaryElements<DoubleGate>>(args.Context.Width, x, second, output, new(default));
        else if (x.Type == ScalarType.Half)
            Gate<float, BinaryElements<RoundedGate<Half>>>(args.Context.Width, x, second, output, new(default));
        else if (x.Type == ScalarType.BFloat16)
            Gate<float, BinaryElements<RoundedGate<BFloat16>>>(args.Context.Width, x, second, output, new(default));
        else
            Gate<float, BinaryVectors<FloatGate>>(args.Context.Width, x, second, output, new(default));
    }

    // Results go to the output in the order of its indices, whatever its dim order: the official kernel does so too.
    [SkipLocalsInit]
    private static void Gate<T, K>(SimdWidth width, Tensor x, long second, Tensor output, K kernel)
        where T : unmanaged, INumber<T> where K : struct, IBinaryKernel
    {
        var compute = typeof(T) == typeof(double) ? ScalarType.Double : ScalarType.Float;
        var left = new OperandReader<T>(x, output.Sizes, x.Strides, 0, stackalloc T[Block]);
        var right = new OperandReader<T>(x, output.Sizes, x.Strides, second, stackalloc T[Block]);
        var writer = new ResultWriter<T>(output, compute, stackalloc T[Block]);
        for (long at = 0; at < output.Numel; at += Block)
        {
            int n = (int)Math.Min(Block, output.Numel - at);
            var target = writer.Target(at, n);
            kernel.Apply(width, left.Read(at, n), right.Read(at, n), target);
            writer.Done(at, target);
        }
    }

    private readonly struct FloatGate : IBinaryElement, IBinaryFunction
    {
        public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> => throw new NotSupportedException(typeof(T).Name);

        public V Invoke<S, V>(V a, V b) where S : ISimd<V> where V : struct => S.Mul(a, VectorMath.Sigmoid<S, V>(b));
    }

    private readonly struct DoubleGate : IBinaryElement
    {
        public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T> =>
            a * (T.One / (T.One + IntegerDivision.As<double, T>(Math.Exp(-IntegerDivision.As<T, double>(b)))));
    }

    /// <summary>Every step is rounded to the 16-bit type, as the official kernel does.</summary>
    private readonly struct RoundedGate<R> : IBinaryElement where R : unmanaged
    {
        public T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>
        {
            float e = Round((float)Math.Exp(-IntegerDivision.As<T, float>(b)));
            float gate = Round(1f / Round(1f + e));
            return IntegerDivision.As<float, T>(IntegerDivision.As<T, float>(a) * gate);
        }

        private static float Round(float x) => ElementCast.Cast<R, float>(ElementCast.Cast<float, R>(x));
    }
}
