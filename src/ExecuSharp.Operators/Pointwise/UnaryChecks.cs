using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Pointwise;

/// <summary>Validation and resizing that one-operand kernels share.</summary>
internal static class UnaryChecks
{
    /// <summary>The output has the operand's type, which is not Bool.</summary>
    public static void SameType(Tensor x, Tensor output)
    {
        KernelChecks.Require(Promotion.IsReal(x.Type), $"no kernel for elements of type {x.Type.Name()}");
        SameTypeAndOrder(x, output);
    }

    /// <summary>The output has the operand's type and dim order.</summary>
    public static void SameTypeAndOrder(Tensor x, Tensor output)
    {
        KernelChecks.SameType(x, output);
        KernelChecks.ResizeOut(output, x.Sizes);
        KernelChecks.SameDimOrders(x, output);
    }

    /// <summary>Both have the same floating type.</summary>
    public static void SameFloatingType(Tensor x, Tensor output)
    {
        KernelChecks.Require(x.Type.IsFloating(), $"no kernel for elements of type {x.Type.Name()}");
        KernelChecks.SameType(x, output);
    }

    /// <summary>The output is floating.</summary>
    public static void ToFloating(Tensor x, Tensor output)
    {
        Promotion.RequireRealOrBool(x.Type);
        KernelChecks.Require(output.Type.IsFloating(), $"the output is {output.Type.Name()}, not a floating type");
        KernelChecks.ResizeOut(output, x.Sizes);
    }

    /// <summary>Both are real or Bool.</summary>
    public static void RealOrBool(Tensor x, Tensor output)
    {
        Promotion.RequireRealOrBool(x.Type);
        Promotion.RequireRealOrBool(output.Type);
    }
}
