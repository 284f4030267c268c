using ExecuSharp.Core;

namespace ExecuSharp.Operators.Common;

/// <summary>The type in which sums of products are computed.</summary>
internal static class Compute
{
    /// <summary>Float for the floating types up to 32 bits, Double, and Long for integers, whose products wrap.</summary>
    public static ScalarType Of(ScalarType type)
    {
        KernelChecks.Require(Promotion.IsReal(type), $"no kernel for elements of type {type.Name()}");
        return type == ScalarType.Double ? ScalarType.Double : type.IsFloating() ? ScalarType.Float : ScalarType.Long;
    }

    /// <summary>Float for the floating types up to 32 bits, or Double; refuses others.</summary>
    public static ScalarType OfFloating(ScalarType type)
    {
        KernelChecks.Require(type.IsFloating(), $"no kernel for elements of type {type.Name()}");
        return type == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
    }
}
