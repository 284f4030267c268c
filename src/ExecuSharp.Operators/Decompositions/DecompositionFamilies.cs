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
        yield return Linear.EinsumDecomposition.Rows;
        yield return Attention.AttentionDecompositions.Rows;
        yield return Activation.ActivationDecompositions.Rows;
        yield return Creation.CastDecompositions.Rows;
        yield return Creation.CreationDecompositions.Rows;
        yield return Padding.PaddingDecompositions.Rows;
        yield return Pooling.PoolingDecompositions.Rows;
        yield return Pooling.AdaptivePoolingDecompositions.Rows;
        yield return Recurrent.RecurrentDecompositions.Rows;
        yield return Reduction.ReductionDecompositions.Rows;
        yield return Reduction.NormDecompositions.Rows;
        yield return Reduction.ScanDecompositions.Rows;
        yield return Pointwise.PointwiseDecompositions.Rows;
        yield return Pointwise.LogicDecompositions.Rows;
        yield return Pointwise.DifferenceDecompositions.Rows;
        yield return Indexing.JoinDecompositions.Rows;
        yield return Indexing.DiagonalDecompositions.Rows;
        yield return Indexing.IndexDecompositions.Rows;
        yield return Indexing.ScatterDecompositions.Rows;
        yield return Indexing.SortDecompositions.Rows;
        yield return Indexing.WindowDecompositions.Rows;
        yield return Resampling.ResampleDecompositions.Rows;
        yield return Loss.LossDecompositions.Rows;
        yield return Linear.DeterminantDecompositions.Rows;
        yield return Resampling.GridSamplerDecompositions.Rows;
        yield return Special.SpecialDecompositions.Rows;
        yield return Special.FourierDecompositions.Rows;
        yield return Attention.TransformerDecompositions.Rows;
        yield return Quantization.AffineDecompositions.Rows;
    }
}
