using ExecuSharp.Core;
using ExecuSharp.Operators.Common;

namespace ExecuSharp.Operators.Reduction;

/// <summary>Validation that reductions share.</summary>
internal static class ReductionChecks
{
    /// <summary>A dtype argument must be the output's type.</summary>
    public static void TypeArgument(long? type, Tensor output) =>
        KernelChecks.Require(type is null || type == (long)output.Type, $"dtype is {type}, the output is {output.Type.Name()}");

    /// <summary>A dim must exist and not be empty.</summary>
    public static void NonEmptyDim(Tensor x, long dim)
    {
        int d = KernelChecks.WrapDim(dim, x.Rank);
        KernelChecks.Require(x.Rank == 0 || x.Sizes[d] > 0, $"dim {dim} of sizes {Tensor.Format(x.Sizes)} is empty");
    }
}
