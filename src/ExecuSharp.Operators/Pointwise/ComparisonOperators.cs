using ExecuSharp.Core;
using ExecuSharp.Kernels.Elementwise;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>eq, ne, lt, le, gt, ge. The output may have any type.</summary>
internal static class ComparisonOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        .. Pair("eq", default(CompareElement.Equal)),
        .. Pair("ne", default(CompareElement.NotEqual)),
        .. Pair("lt", default(CompareElement.Less)),
        .. Pair("le", default(CompareElement.LessOrEqual)),
        .. Pair("gt", default(CompareElement.Greater)),
        .. Pair("ge", default(CompareElement.GreaterOrEqual)),
    ];

    private static OperatorDefinition[] Pair<E>(string name, E element) where E : struct, ICompareElement, IBinaryFunction =>
    [
        new($"aten::{name}.Tensor(Tensor self, Tensor other) -> Tensor")
        {
            OutName = $"aten::{name}.Tensor_out",
            Kernel = (in KernelArgs args) => Tensors(args, new CompareVectors<E>(element)),
            Shape = ShapeRules.Comparison,
        },
        new($"aten::{name}.Scalar(Tensor self, Scalar other) -> Tensor")
        {
            OutName = $"aten::{name}.Scalar_out",
            Kernel = (in KernelArgs args) => Number(args, new CompareVectors<E>(element)),
            Shape = ShapeRules.BoolLikeFirst,
        },
    ];

    private static void Tensors<K>(in KernelArgs args, K kernel) where K : struct, ICompareKernel
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        var common = Promotion.Promote(a.Type, b.Type);
        Promotion.RequireRealOrBool(output.Type);
        // different types with a floating one among them are compared in float32
        if (common.IsFloating() && a.Type != b.Type)
            common = ScalarType.Float;
        KernelChecks.SameDimOrders(a, b, output);
        Broadcasting.ResizeOut(a, b, output);
        Elementwise.Compare(args.Context, Promotion.Compute(common), kernel, a, b, output);
    }

    private static void Number<K>(in KernelArgs args, K kernel) where K : struct, ICompareKernel
    {
        Tensor a = args.Tensor(0), output = args.Tensor(2);
        var b = args.Scalar(1);
        var common = Promotion.Promote(a.Type, b);
        Promotion.RequireRealOrBool(output.Type);
        KernelChecks.SameDimOrders(a, output);
        KernelChecks.ResizeOut(output, a.Sizes);
        Elementwise.Compare(args.Context, Promotion.Compute(common), kernel, a, b, output);
    }
}
