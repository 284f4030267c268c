using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Reduction;

/// <summary>cumsum: each element is the sum up to it, computed in the output's type.</summary>
internal static class CumulativeOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        new("aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor")
        { OutName = "aten::cumsum.out", Kernel = CumulativeSum, Shape = Shape },
    ];

    private static TensorSpec[] Shape(IReadOnlyList<Argument> args)
    {
        var spec = args[0].AsSpec();
        return [spec with { Type = !args[2].IsNone ? args[2].AsScalarType() : spec.Type.IsIntegral() || spec.Type == ScalarType.Bool ? ScalarType.Long : spec.Type }];
    }

    private static void CumulativeSum(in KernelArgs args)
    {
        Tensor x = args.Tensor(0), output = args.Tensor(3);
        KernelChecks.Require(x.Rank > 0, "cumsum of a tensor without dimensions");
        int dim = KernelChecks.WrapDim(args.Int(1), x.Rank);
        ReductionChecks.TypeArgument(args.OptionalInt(2), output);
        Promotion.RequireRealOrBool(x.Type);
        Promotion.RequireRealOrBool(output.Type);
        KernelChecks.SameDimOrders(x, output);
        KernelChecks.ResizeOut(output, x.Sizes);
        ElementDispatch.Number(Promotion.Compute(output.Type), new Action(x, dim, output));
    }

    private readonly struct Action(Tensor x, int dim, Tensor output) : INumberAction
    {
        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            int count = x.Sizes[dim], inner = 1;
            for (int d = dim + 1; d < x.Rank; d++)
                inner *= x.Sizes[d];
            var previous = inner <= 512 ? stackalloc T[inner] : new T[inner];
            var row = inner <= 512 ? stackalloc T[inner] : new T[inner];
            for (long at = 0; at < x.Numel; at += inner)
            {
                Load(at, row);
                if (at / inner % count != 0)
                    for (int i = 0; i < inner; i++)
                        row[i] = Rounding.To(output.Type, row[i] + previous[i]);
                Store(row, at);
                row.CopyTo(previous);
            }
        }

        private void Load<T>(long at, Span<T> row) where T : unmanaged, INumber<T>
        {
            if (output.Type == ScalarType.Bool)
                ElementBlocks.Load(x, at, 1, System.Runtime.InteropServices.MemoryMarshal.Cast<T, bool>(row));
            else
                ElementBlocks.Load(x, at, 1, row);
            foreach (ref T v in row)
                v = Rounding.To(output.Type, v);
        }

        private void Store<T>(Span<T> row, long at) where T : unmanaged, INumber<T>
        {
            if (output.Type == ScalarType.Bool)
                foreach (ref T v in row)
                    v = T.IsZero(v) ? T.Zero : T.One;
            ElementBlocks.Store<T>(row, output, at);
        }
    }
}
