using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Emission;

/// <summary>
/// Calls whose result may take the memory of an operand: kernels that read and write index by index, as the portable and the optimized library's
/// element-wise loops do, on operands that all have the sizes of the result.
/// </summary>
internal static class InPlaceOperators
{
    private static readonly HashSet<string> Elementwise = new(StringComparer.Ordinal)
    {
        "aten::abs", "aten::acos", "aten::acosh", "aten::asin", "aten::asinh", "aten::atan", "aten::atanh", "aten::ceil", "aten::cos", "aten::cosh", "aten::erf", "aten::exp", "aten::expm1",
        "aten::floor", "aten::log", "aten::log10", "aten::log1p", "aten::log2", "aten::neg", "aten::reciprocal", "aten::relu", "aten::round", "aten::rsqrt", "aten::sigmoid", "aten::sign",
        "aten::sin", "aten::sinh", "aten::sqrt", "aten::tan", "aten::tanh", "aten::trunc", "aten::logical_not", "aten::bitwise_not",
        "aten::gelu", "aten::elu", "aten::leaky_relu", "aten::hardtanh", "aten::clamp", "aten::pow.Tensor_Scalar", "aten::fmod.Scalar", "aten::remainder.Scalar",
        "aten::add.Scalar", "aten::sub.Scalar", "aten::mul.Scalar", "aten::div.Scalar", "aten::rsub.Scalar",
        "aten::add.Tensor", "aten::sub.Tensor", "aten::mul.Tensor", "aten::div.Tensor", "aten::maximum", "aten::minimum", "aten::pow.Tensor_Tensor", "aten::atan2",
        "aten::fmod.Tensor", "aten::remainder.Tensor", "aten::logical_and", "aten::logical_or", "aten::logical_xor", "aten::bitwise_and.Tensor", "aten::bitwise_or.Tensor", "aten::bitwise_xor.Tensor",
        "aten::where.self",
    };

    /// <summary>The operands whose memory the result may take if nothing reads them later.</summary>
    public static IReadOnlyList<Value> Operands(Node node)
    {
        if (!Elementwise.Contains(node.Op))
            return [];
        var output = node.Output.Spec;
        var operands = node.Inputs.Where(i => i.Kind == ValueKind.Tensor).Distinct().ToList();
        return operands.TrueForAll(o => o.Spec.Sizes.AsSpan().SequenceEqual(output.Sizes) && o.Spec.DimOrder.AsSpan().SequenceEqual(output.DimOrder)) ? [.. operands.Where(o => o.Spec.Type == output.Type)] : [];
    }
}
