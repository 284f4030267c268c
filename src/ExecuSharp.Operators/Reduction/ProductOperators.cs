using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Reduction;

/// <summary>prod: one multiplication after the other in the output's type.</summary>
internal static class ProductOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor")
        { OutName = "aten::prod.out", Kernel = OfAll, Shape = args => [new TensorSpec(Result(args[0], args[1]))] },
        new("aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor")
        { OutName = "aten::prod.int_out", Kernel = OverDim, Shape = Shape },
    ];

    private static TensorSpec[] Shape(IReadOnlyList<Argument> args) =>
        [new TensorSpec(Result(args[0], args[3]), ShapeRules.Reduce(args[0].AsSpec().Sizes, [args[1].AsInt()], args[2].AsBool()))];

    private static ScalarType Result(Argument self, Argument dtype) => !dtype.IsNone ? dtype.AsScalarType()
        : self.AsSpec().Type.IsIntegral() || self.AsSpec().Type == ScalarType.Bool ? ScalarType.Long
        : self.AsSpec().Type;

    private static void OfAll(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(2);
        ReductionChecks.TypeArgument(args.OptionalInt(1), output);
        var natural = Promotion.IsIntegralOrBool(x.Type) ? ScalarType.Long : x.Type;
        KernelChecks.Require(args.OptionalInt(1) is not null || output.Type == natural, $"the output is {output.Type.Name()}, not {natural.Name()}");
        Run(args.Context, Groups.All, x, false, output);
    }

    private static void OverDim(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(4);
        ReductionChecks.TypeArgument(args.OptionalInt(3), output);
        Run(args.Context, Groups.Over(x, [args.Int(1)]), x, args.Bool(2), output);
    }

    private static void Run(KernelContext context, Groups groups, Tensor x, bool keepDim, Tensor output)
    {
        Promotion.RequireRealOrBool(x.Type);
        Promotion.RequireRealOrBool(output.Type);
        groups.ResizeOut(x, keepDim, output);
        var compute = Promotion.Compute(output.Type);
        ElementDispatch.Number(compute, new Action(context, groups, x, compute, output));
    }

    private readonly struct Action(KernelContext context, Groups groups, Tensor x, ScalarType compute, Tensor output) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            groups.Run<T, ProductGroup<T>>(context, x, compute, output.Numel, new ProductGroup<T>(output));
    }

    private readonly struct ProductGroup<T>(Tensor output) : IGroupKernel<T> where T : unmanaged, INumber<T>
    {
        public void Reduce(scoped ref OperandReader<T> elements, long start, long count, long index)
        {
            T product = T.One;
            for (long at = 0; at < count; at += elements.MaxRun)
            {
                var run = elements.Read(start + at, (int)Math.Min(elements.MaxRun, count - at));
                foreach (T v in run)
                    product = Rounding.To(output.Type, product * Rounding.To(output.Type, v));
            }
            if (output.Type == ScalarType.Bool)
                ElementBlocks.Store<bool>([!T.IsZero(product)], output, index);
            else
                ElementBlocks.Store<T>([product], output, index);
        }
    }
}
