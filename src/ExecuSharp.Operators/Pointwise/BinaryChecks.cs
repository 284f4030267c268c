using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Validation and resizing that two-operand kernels share. Each returns the compute type.</summary>
internal static class BinaryChecks
{
    /// <summary>Two tensors: the common type must cast to the output's.</summary>
    public static ScalarType Tensors(Tensor a, Tensor b, Tensor output, out ScalarType common)
    {
        common = Promotion.Promote(a.Type, b.Type);
        RequireCast(common, output);
        KernelChecks.SameDimOrders(a, b, output);
        Broadcasting.ResizeOut(a, b, output);
        return Promotion.Compute(common);
    }

    /// <summary>Two tensors whose common type is not Bool.</summary>
    public static ScalarType RealTensors(Tensor a, Tensor b, Tensor output, out ScalarType common)
    {
        var compute = Tensors(a, b, output, out common);
        KernelChecks.Require(common != ScalarType.Bool, "no kernel for two Bool tensors");
        return compute;
    }

    /// <summary>A tensor and a number: the common type must cast to the output's.</summary>
    public static ScalarType Number(Tensor a, Scalar number, Tensor output, out ScalarType common)
    {
        common = Promotion.Promote(a.Type, number);
        RequireCast(common, output);
        KernelChecks.SameDimOrders(a, output);
        KernelChecks.ResizeOut(output, a.Sizes);
        return Promotion.Compute(common);
    }

    /// <summary>A tensor and a number whose common type is not Bool.</summary>
    public static ScalarType RealNumber(Tensor a, Scalar number, Tensor output, out ScalarType common)
    {
        var compute = Number(a, number, output, out common);
        KernelChecks.Require(common != ScalarType.Bool, "no kernel for Bool");
        return compute;
    }

    /// <summary>The output must be of the compute type; Float also stands for Half and BFloat16.</summary>
    public static ScalarType SameAsCommon(Tensor a, Tensor output, ScalarType common)
    {
        var compute = Promotion.Compute(common);
        KernelChecks.Require(Promotion.Compute(output.Type) == compute, $"the output is {output.Type.Name()}, not {common.Name()}");
        KernelChecks.SameDimOrders(a, output);
        KernelChecks.ResizeOut(output, a.Sizes);
        return compute;
    }

    private static void RequireCast(ScalarType common, Tensor output)
    {
        Promotion.RequireRealOrBool(output.Type);
        KernelChecks.Require(Promotion.CanCast(common, output.Type), $"{common.Name()} cannot be stored as {output.Type.Name()}");
    }
}
