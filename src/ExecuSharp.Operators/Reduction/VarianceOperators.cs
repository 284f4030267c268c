using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Reduction;

/// <summary>var and var_mean, in two passes and double precision.</summary>
internal static class VarianceOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor")
        { OutName = "aten::var.out", Kernel = Variance, Shape = args => [Reduced(args, 3)] },
        new("aten::var.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> Tensor")
        { OutName = "aten::var.correction_out", Kernel = VarianceCorrection, Shape = args => [Reduced(args, 3)] },
        new("aten::var_mean.correction(Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> (Tensor, Tensor)")
        { OutName = "aten::var_mean.correction_out", Kernel = VarianceAndMean, Shape = args => [Reduced(args, 3), Reduced(args, 3)], OutCount = 2 },
    ];

    private static TensorSpec Reduced(IReadOnlyList<Argument> args, int keepDim) =>
        new(args[0].AsSpec().Type, ShapeRules.Reduce(args[0].AsSpec().Sizes, ShapeRules.Dims(args[1]), args[keepDim].AsBool()));

    private static void Variance(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(4);
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.ContiguousOrder(x);
        var groups = Groups.Over(x, args.OptionalInts(1, out _));
        Run(args.Context, groups, x, args.Bool(2) ? 1 : 0, args.Bool(3), output, null);
    }

    private static void VarianceCorrection(in KernelArgs args)
    {
        var groups = Groups.Over(args.Tensor(0), args.OptionalInts(1, out _));
        Run(args.Context, groups, args.Tensor(0), args.OptionalScalar(2)?.ToDouble() ?? 1, args.Bool(3), args.Tensor(4), null);
    }

    private static void VarianceAndMean(in KernelArgs args)
    {
        var groups = Groups.Over(args.Tensor(0), args.OptionalInts(1, out _));
        Run(args.Context, groups, args.Tensor(0), args.OptionalScalar(2)?.ToDouble() ?? 1, args.Bool(3), args.Tensor(4), args.Tensor(5));
    }

    private static void Run(KernelContext context, Groups groups, Tensor x, double correction, bool keepDim, Tensor variance, Tensor? mean)
    {
        KernelChecks.Require(x.Type.IsFloating() && variance.Type.IsFloating(), $"var of {x.Type.Name()} to {variance.Type.Name()}");
        groups.ResizeOut(x, keepDim, variance);
        if (mean is not null)
        {
            groups.ResizeOut(x, keepDim, mean);
        }
        groups.Run<double, VarianceGroup>(context, x, ScalarType.Double, variance.Numel, new VarianceGroup(variance, mean, correction));
    }

    private readonly struct VarianceGroup(Tensor variance, Tensor? mean, double correction) : IGroupKernel<double>
    {
        public void Reduce(scoped ref OperandReader<double> elements, long start, long count, long output)
        {
            double average = double.NaN, result = double.NaN;
            if (count > 0 && count - correction > 0)
            {
                double sum = 0;
                for (long at = 0; at < count; at += elements.MaxRun)
                    foreach (double v in elements.Read(start + at, (int)Math.Min(elements.MaxRun, count - at)))
                        sum += v;
                average = sum / count;
                double squares = 0;
                for (long at = 0; at < count; at += elements.MaxRun)
                    foreach (double v in elements.Read(start + at, (int)Math.Min(elements.MaxRun, count - at)))
                        squares += (v - average) * (v - average);
                result = squares / (count - correction);
            }
            ElementBlocks.Store<double>([result], variance, output);
            if (mean is not null && mean.Type == variance.Type)
                ElementBlocks.Store<double>([average], mean, output);
            else if (mean is not null)
                WriteRaw(average, output);
        }

        // The official kernel writes the mean in the variance's type, whatever the type of its tensor.
        private void WriteRaw(double average, long output)
        {
            Span<byte> one = stackalloc byte[variance.Type.SizeOf()];
            ElementBlocks.Store<double>([average], variance.Type, one, 0);
            var target = mean!.Bytes;
            int at = (int)output * one.Length;
            if (at < target.Length)
                one[..Math.Min(one.Length, target.Length - at)].CopyTo(target[at..]);
        }
    }
}
