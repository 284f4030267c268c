using ExecuSharp.Core;
using ExecuSharp.Operators.Common;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>bitwise_and, or, xor and the shifts, of integers and Bool; logical_and, or, xor of any type.</summary>
internal static class BitwiseOperators
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        .. Pair("bitwise_and", "Scalar", default(BitwiseElements.And)),
        .. Pair("bitwise_or", "Scalar", default(BitwiseElements.Or)),
        .. Pair("bitwise_xor", "Scalar", default(BitwiseElements.Xor)),
        .. Pair("bitwise_left_shift", "Tensor_Scalar", default(BitwiseElements.ShiftLeft)),
        .. Pair("bitwise_right_shift", "Tensor_Scalar", default(BitwiseElements.ShiftRight)),
        Logical("logical_and", default(BitwiseElements.And)),
        Logical("logical_or", default(BitwiseElements.Or)),
        Logical("logical_xor", default(BitwiseElements.Xor)),
    ];

    private static OperatorDefinition[] Pair<E>(string name, string number, E element) where E : struct, IBinaryElement =>
    [
        new($"aten::{name}.Tensor(Tensor self, Tensor other) -> Tensor")
        {
            OutName = $"aten::{name}.Tensor_out",
            Kernel = (in KernelArgs args) => Tensors(args, new BinaryElements<E>(element)),
            Shape = ShapeRules.Binary,
        },
        new($"aten::{name}.{number}(Tensor self, Scalar other) -> Tensor")
        {
            OutName = $"aten::{name}.{number}_out",
            Kernel = (in KernelArgs args) => Number(args, new BinaryElements<E>(element)),
            Shape = ShapeRules.Binary,
        },
    ];

    private static OperatorDefinition Logical<E>(string name, E element) where E : struct, IBinaryElement =>
        new($"aten::{name}(Tensor self, Tensor other) -> Tensor")
        {
            OutName = $"aten::{name}.out",
            Kernel = (in KernelArgs args) => Truth(args, new BinaryElements<E>(element)),
            Shape = ShapeRules.Comparison,
        };

    private static void Tensors<K>(in KernelArgs args, K kernel) where K : struct, IBinaryKernel
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        var compute = BinaryChecks.Tensors(a, b, output, out _);
        RequireIntegral(compute);
        Elementwise.Binary(args.Context, compute, kernel, a, b, output);
    }

    private static void Number<K>(in KernelArgs args, K kernel) where K : struct, IBinaryKernel
    {
        Tensor a = args.Tensor(0), output = args.Tensor(2);
        var b = args.Scalar(1);
        var compute = BinaryChecks.Number(a, b, output, out _);
        RequireIntegral(compute);
        Elementwise.Binary(args.Context, compute, kernel, a, b, output);
    }

    private static void Truth<K>(in KernelArgs args, K kernel) where K : struct, IBinaryKernel
    {
        Tensor a = args.Tensor(0), b = args.Tensor(1), output = args.Tensor(2);
        Promotion.RequireRealOrBool(a.Type);
        Promotion.RequireRealOrBool(b.Type);
        Promotion.RequireRealOrBool(output.Type);
        KernelChecks.SameDimOrders(a, b, output);
        Broadcasting.ResizeOut(a, b, output);
        Elementwise.Binary(args.Context, ScalarType.Bool, kernel, a, b, output);
    }

    private static void RequireIntegral(ScalarType compute) =>
        KernelChecks.Require(Promotion.IsIntegralOrBool(compute), $"no bits of {compute.Name()}");
}
