using System.Numerics;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Reduction;
using ExecuSharp.Kernels.Simd;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Reduction;

/// <summary>sum and mean.</summary>
internal static class SumOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::sum.dim_IntList(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor")
        { OutName = "aten::sum.IntList_out", Kernel = Sum, Shape = SumShape },
        new("aten::mean.dim(Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor")
        { OutName = "aten::mean.out", Kernel = Mean, Shape = MeanShape },
        new("aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor")
        { OutName = "aten::mean.dtype_out", Kernel = MeanOfAll, Shape = args => [new TensorSpec(MeanType(args[0], args[1]))] },
    ];

    private static TensorSpec[] SumShape(IReadOnlyList<Argument> args)
    {
        var spec = args[0].AsSpec();
        var type = !args[3].IsNone ? args[3].AsScalarType() : spec.Type.IsIntegral() || spec.Type == ScalarType.Bool ? ScalarType.Long : spec.Type;
        return [new TensorSpec(type, ShapeRules.Reduce(spec.Sizes, ShapeRules.Dims(args[1]), args[2].AsBool()))];
    }

    private static TensorSpec[] MeanShape(IReadOnlyList<Argument> args) =>
        [new TensorSpec(MeanType(args[0], args[3]), ShapeRules.Reduce(args[0].AsSpec().Sizes, ShapeRules.Dims(args[1]), args[2].AsBool()))];

    private static ScalarType MeanType(Argument self, Argument dtype) => dtype.IsNone ? self.AsSpec().Type : dtype.AsScalarType();

    private static void Sum(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(4);
        var dims = args.OptionalInts(1, out _);
        ReductionChecks.TypeArgument(args.OptionalInt(3), output);
        var groups = Groups.Over(x, dims);
        Promotion.RequireRealOrBool(x.Type);
        Promotion.RequireRealOrBool(output.Type);
        groups.ResizeOut(x, args.Bool(2), output);
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.ContiguousOrder(x);
        // the optimized official kernel: over one dim, with the type unchanged, everything accumulates in float32
        bool inFloat = dims.Length == 1 && x.Type == output.Type;
        KernelChecks.Require(!inFloat || x.Rank > 0 || x.Numel == 0, "sum over a dim of a tensor that has none");
        var compute = inFloat ? ScalarType.Float : Promotion.Compute(output.Type);
        ElementDispatch.Number(compute, new SumAction(args.Context, groups, x, compute, output, 1));
    }

    private static void Mean(in KernelArgs args)
    {
        var dims = args.OptionalInts(1, out _);
        Mean(args.Context, args.Tensor(0), dims, args.Bool(2), args.OptionalInt(3), args.Tensor(4));
    }

    private static void MeanOfAll(in KernelArgs args) => Mean(args.Context, args.Tensor(0), [], false, args.OptionalInt(1), args.Tensor(2));

    private static void Mean(KernelContext context, Tensor x, ReadOnlySpan<long> dims, bool keepDim, long? type, Tensor output)
    {
        ReductionChecks.TypeArgument(type, output);
        KernelChecks.Require(output.Type.IsFloating(), $"the output is {output.Type.Name()}, not a floating type");
        KernelChecks.Require(type is not null || x.Type.IsFloating(), $"mean of {x.Type.Name()} without dtype");
        Promotion.RequireRealOrBool(x.Type);
        var groups = Groups.Over(x, dims);
        groups.ResizeOut(x, keepDim, output);
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.ContiguousOrder(x);
        var compute = Promotion.Compute(output.Type);
        ElementDispatch.Number(compute, new SumAction(context, groups, x, compute, output, groups.Count(x)));
    }

    private readonly struct SumAction(KernelContext context, Groups groups, Tensor x, ScalarType compute, Tensor output, long divisor) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            groups.Run<T, SumGroup<T>>(context, x, compute, output.Numel, new SumGroup<T>(context.Width, output, compute, divisor));
    }

    private readonly struct SumGroup<T>(SimdWidth width, Tensor output, ScalarType compute, long divisor) : IGroupKernel<T> where T : unmanaged, INumber<T>
    {
        public void Reduce(scoped ref OperandReader<T> elements, long start, long count, long index)
        {
            T sum = T.Zero;
            for (long at = 0; at < count; at += elements.MaxRun)
            {
                var run = elements.Read(start + at, (int)Math.Min(elements.MaxRun, count - at));
                if (typeof(T) == typeof(float))
                    sum += T.CreateTruncating(ReductionLoops.Sum(width, MemoryMarshal.Cast<T, float>(run)));
                else if (compute == ScalarType.Bool)
                    foreach (T v in run)
                        sum = T.IsZero(v) ? sum : T.One;
                else
                    foreach (T v in run)
                        sum += v;
            }
            if (divisor != 1)
                sum /= T.CreateTruncating((float)divisor);
            ElementBlocks.Store<T>([sum], output, index);
        }
    }
}
