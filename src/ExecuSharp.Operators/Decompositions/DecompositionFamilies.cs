using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Decompositions;

/// <summary>Operators that are written with others. A family is a line here.</summary>
internal static class DecompositionFamilies
{
    public static IEnumerable<IEnumerable<OperatorDefinition>> All()
    {
        yield return Views.ViewDecompositions.Rows;
        yield return Views.PermuteDecompositions.Rows;
        yield return Views.SliceDecompositions.Rows;
        yield return Convolution.ConvolutionDecompositions.Rows;
        yield return Normalization.NormalizationDecompositions.Rows;
        yield return Linear.MatmulDecompositions.Rows;
        yield return Attention.AttentionDecompositions.Rows;
        yield return Activation.ActivationDecompositions.Rows;
        yield return Creation.CastDecompositions.Rows;
        yield return Padding.PaddingDecompositions.Rows;
    }
}
