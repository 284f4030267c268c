using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Operators.Common;

/// <summary>
/// Element-wise operators over tensors of any types: operands are read as the compute type, the result is converted to the output's type.
/// The output has its sizes already. Bool computes as bytes of 0 and 1.
/// </summary>
internal static class Elementwise
{
    private const int Block = 512;

    public static void Unary<K>(KernelContext context, ScalarType compute, K kernel, Tensor x, Tensor output) where K : struct, IUnaryKernel
    {
        switch (compute)
        {
            case ScalarType.Float: Unary<K, float>(context, compute, kernel, x, output); break;
            case ScalarType.Double: Unary<K, double>(context, compute, kernel, x, output); break;
            case ScalarType.Long: Unary<K, long>(context, compute, kernel, x, output); break;
            case ScalarType.Int: Unary<K, int>(context, compute, kernel, x, output); break;
            case ScalarType.Short: Unary<K, short>(context, compute, kernel, x, output); break;
            case ScalarType.Char: Unary<K, sbyte>(context, compute, kernel, x, output); break;
            case ScalarType.Byte or ScalarType.Bool: Unary<K, byte>(context, compute, kernel, x, output); break;
            default: throw Unsupported(compute);
        }
    }

    public static void Binary<K>(KernelContext context, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor output) where K : struct, IBinaryKernel
    {
        switch (compute)
        {
            case ScalarType.Float: Binary<K, float>(context, compute, kernel, a, b, output); break;
            case ScalarType.Double: Binary<K, double>(context, compute, kernel, a, b, output); break;
            case ScalarType.Long: Binary<K, long>(context, compute, kernel, a, b, output); break;
            case ScalarType.Int: Binary<K, int>(context, compute, kernel, a, b, output); break;
            case ScalarType.Short: Binary<K, short>(context, compute, kernel, a, b, output); break;
            case ScalarType.Char: Binary<K, sbyte>(context, compute, kernel, a, b, output); break;
            case ScalarType.Byte or ScalarType.Bool: Binary<K, byte>(context, compute, kernel, a, b, output); break;
            default: throw Unsupported(compute);
        }
    }

    /// <summary>The same with a number in place of one tensor.</summary>
    public static void Binary<K>(KernelContext context, ScalarType compute, K kernel, Tensor x, Scalar number, Tensor output) where K : struct, IBinaryKernel =>
        Unary(context, compute, new NumberOnRight<K>(kernel, number, compute), x, output);

    /// <summary>The same with a number in place of one tensor.</summary>
    public static void Binary<K>(KernelContext context, ScalarType compute, K kernel, Scalar number, Tensor x, Tensor output) where K : struct, IBinaryKernel =>
        Unary(context, compute, new NumberOnRight<Swapped<K>>(new(kernel), number, compute), x, output);

    public static void Compare<K>(KernelContext context, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor output) where K : struct, ICompareKernel
    {
        switch (compute)
        {
            case ScalarType.Float: Compare<K, float>(context, compute, kernel, a, b, output); break;
            case ScalarType.Double: Compare<K, double>(context, compute, kernel, a, b, output); break;
            case ScalarType.Long: Compare<K, long>(context, compute, kernel, a, b, output); break;
            case ScalarType.Int: Compare<K, int>(context, compute, kernel, a, b, output); break;
            case ScalarType.Short: Compare<K, short>(context, compute, kernel, a, b, output); break;
            case ScalarType.Char: Compare<K, sbyte>(context, compute, kernel, a, b, output); break;
            case ScalarType.Byte or ScalarType.Bool: Compare<K, byte>(context, compute, kernel, a, b, output); break;
            default: throw Unsupported(compute);
        }
    }

    /// <summary>The same with a number in place of one tensor.</summary>
    public static void Compare<K>(KernelContext context, ScalarType compute, K kernel, Tensor a, Scalar number, Tensor output) where K : struct, ICompareKernel =>
        Compare(context, compute, new NumberComparison<K>(kernel, number, compute), a, a, output);

    public static void Ternary<K>(KernelContext context, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor c, Tensor output)
        where K : struct, ITernaryKernel
    {
        switch (compute)
        {
            case ScalarType.Float: Ternary<K, float>(context, compute, kernel, a, b, c, output); break;
            case ScalarType.Double: Ternary<K, double>(context, compute, kernel, a, b, c, output); break;
            case ScalarType.Long: Ternary<K, long>(context, compute, kernel, a, b, c, output); break;
            case ScalarType.Int: Ternary<K, int>(context, compute, kernel, a, b, c, output); break;
            case ScalarType.Short: Ternary<K, short>(context, compute, kernel, a, b, c, output); break;
            case ScalarType.Char: Ternary<K, sbyte>(context, compute, kernel, a, b, c, output); break;
            case ScalarType.Byte or ScalarType.Bool: Ternary<K, byte>(context, compute, kernel, a, b, c, output); break;
            default: throw Unsupported(compute);
        }
    }

    private static void Unary<K, T>(KernelContext context, ScalarType compute, K kernel, Tensor x, Tensor output)
        where K : struct, IUnaryKernel where T : unmanaged, INumber<T> =>
        ParallelRanges.Run(context, output.Numel, output.Numel, new UnaryJob<K, T>(context.Width, compute, kernel, x, output));

    [SkipLocalsInit]
    private static void UnaryRange<K, T>(SimdWidth width, ScalarType compute, K kernel, Tensor x, Tensor output, long start, long end)
        where K : struct, IUnaryKernel where T : unmanaged, INumber<T>
    {
        var reader = new OperandReader<T>(x, output.Sizes, Linear(x, output), compute, stackalloc T[Block]);
        var writer = new ResultWriter<T>(output, compute, stackalloc T[Block]);
        int step = reader.IsDirect && writer.IsDirect ? int.MaxValue : Block;
        for (long at = start; at < end; at += step)
        {
            int n = (int)Math.Min(step, end - at);
            var target = writer.Target(at, n);
            kernel.Apply(width, reader.Read(at, n), target);
            writer.Done(at, target);
        }
    }

    private static void Binary<K, T>(KernelContext context, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor output)
        where K : struct, IBinaryKernel where T : unmanaged, INumber<T> =>
        ParallelRanges.Run(context, output.Numel, output.Numel, new BinaryJob<K, T>(context.Width, compute, kernel, a, b, output));

    [SkipLocalsInit]
    private static void BinaryRange<K, T>(SimdWidth width, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor output, long start, long end)
        where K : struct, IBinaryKernel where T : unmanaged, INumber<T>
    {
        bool linear = Linear(a, output) && Linear(b, output);
        var left = new OperandReader<T>(a, output.Sizes, linear, compute, stackalloc T[Block]);
        var right = new OperandReader<T>(b, output.Sizes, linear, compute, stackalloc T[Block]);
        var writer = new ResultWriter<T>(output, compute, stackalloc T[Block]);
        for (long at = start; at < end;)
        {
            int n = right.Limit(at, left.Limit(at, writer.Limit((int)(end - at))));
            var target = writer.Target(at, n);
            kernel.Apply(width, left.Read(at, n), right.Read(at, n), target);
            writer.Done(at, target);
            at += n;
        }
    }

    private static void Compare<K, T>(KernelContext context, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor output)
        where K : struct, ICompareKernel where T : unmanaged, INumber<T> =>
        ParallelRanges.Run(context, output.Numel, output.Numel, new CompareJob<K, T>(context.Width, compute, kernel, a, b, output));

    [SkipLocalsInit]
    private static void CompareRange<K, T>(SimdWidth width, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor output, long start, long end)
        where K : struct, ICompareKernel where T : unmanaged, INumber<T>
    {
        bool linear = Linear(a, output) && Linear(b, output);
        var left = new OperandReader<T>(a, output.Sizes, linear, compute, stackalloc T[Block]);
        var right = new OperandReader<T>(b, output.Sizes, linear, compute, stackalloc T[Block]);
        var writer = new ResultWriter<byte>(output, ScalarType.Bool, stackalloc byte[Block]);
        for (long at = start; at < end;)
        {
            int n = right.Limit(at, left.Limit(at, writer.Limit((int)(end - at))));
            var target = writer.Target(at, n);
            kernel.Apply(width, left.Read(at, n), right.Read(at, n), target);
            writer.Done(at, target);
            at += n;
        }
    }

    private static void Ternary<K, T>(KernelContext context, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor c, Tensor output)
        where K : struct, ITernaryKernel where T : unmanaged, INumber<T> =>
        ParallelRanges.Run(context, output.Numel, output.Numel, new TernaryJob<K, T>(context.Width, compute, kernel, a, b, c, output));

    [SkipLocalsInit]
    private static void TernaryRange<K, T>(SimdWidth width, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor c, Tensor output, long start, long end)
        where K : struct, ITernaryKernel where T : unmanaged, INumber<T>
    {
        bool linear = Linear(a, output) && Linear(b, output) && Linear(c, output);
        var first = new OperandReader<T>(a, output.Sizes, linear, compute, stackalloc T[Block]);
        var second = new OperandReader<T>(b, output.Sizes, linear, compute, stackalloc T[Block]);
        var third = new OperandReader<T>(c, output.Sizes, linear, compute, stackalloc T[Block]);
        var writer = new ResultWriter<T>(output, compute, stackalloc T[Block]);
        for (long at = start; at < end;)
        {
            int n = third.Limit(at, second.Limit(at, first.Limit(at, writer.Limit((int)(end - at)))));
            var target = writer.Target(at, n);
            kernel.Apply(width, first.Read(at, n), second.Read(at, n), third.Read(at, n), target);
            writer.Done(at, target);
            at += n;
        }
    }

    private static bool Linear(Tensor operand, Tensor output) => Broadcasting.SameButLeadingOnes(operand.Sizes, output.Sizes);

    private static ExecuTorchException Unsupported(ScalarType type) =>
        new(ErrorCode.InvalidArgument, $"no kernel that computes in {type.Name()}");

    private readonly struct UnaryJob<K, T>(SimdWidth width, ScalarType compute, K kernel, Tensor x, Tensor output) : IRangeJob
        where K : struct, IUnaryKernel where T : unmanaged, INumber<T>
    {
        public void Run(long start, long end) => UnaryRange<K, T>(width, compute, kernel, x, output, start, end);
    }

    private readonly struct BinaryJob<K, T>(SimdWidth width, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor output) : IRangeJob
        where K : struct, IBinaryKernel where T : unmanaged, INumber<T>
    {
        public void Run(long start, long end) => BinaryRange<K, T>(width, compute, kernel, a, b, output, start, end);
    }

    private readonly struct CompareJob<K, T>(SimdWidth width, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor output) : IRangeJob
        where K : struct, ICompareKernel where T : unmanaged, INumber<T>
    {
        public void Run(long start, long end) => CompareRange<K, T>(width, compute, kernel, a, b, output, start, end);
    }

    private readonly struct TernaryJob<K, T>(SimdWidth width, ScalarType compute, K kernel, Tensor a, Tensor b, Tensor c, Tensor output) : IRangeJob
        where K : struct, ITernaryKernel where T : unmanaged, INumber<T>
    {
        public void Run(long start, long end) => TernaryRange<K, T>(width, compute, kernel, a, b, c, output, start, end);
    }
}
