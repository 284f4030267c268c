namespace ExecuSharp.Operators.Table;

/// <summary>The one list of operator families. Adding an operator is a row in its family's file; adding a family is a line here.</summary>
internal static class OperatorFamilies
{
    public static IEnumerable<OperatorDefinition> All() => Families().SelectMany(f => f);

    private static IEnumerable<IEnumerable<OperatorDefinition>> Families()
    {
        yield return Layout.PermuteOperators.Rows;
        yield return Layout.PixelOperators.Rows;
        yield return Layout.ViewOperators.Rows;
        yield return Layout.SliceOperators.Rows;
        yield return Layout.SplitOperators.Rows;
        yield return Layout.JoinOperators.Rows;
        yield return Layout.StridedOperators.Rows;
        yield return Layout.DimOrderOperators.Rows;
        yield return Linear.MatrixOperators.Rows;
        yield return Convolution.ConvolutionOperators.Rows;
        yield return Pooling.PoolingOperators.Rows;
        yield return Normalization.LayerNormOperators.Rows;
        yield return Normalization.BatchNormOperators.Rows;
        yield return Indexing.IndexOperators.Rows;
        yield return Indexing.GatherOperators.Rows;
        yield return Indexing.SelectOperators.Rows;
        yield return Indexing.TopkOperators.Rows;
        yield return Layout.PadOperators.Rows;
        yield return Distances.DistanceOperators.Rows;
        yield return Sampling.UpsampleOperators.Rows;
        yield return Sampling.GridSamplerOperators.Rows;
        yield return Spectral.FourierOperators.Rows;
        yield return Quantized.QuantizeOperators.Rows;
        yield return Quantized.DequantizeOperators.Rows;
        yield return Quantized.ChooseParametersOperators.Rows;
        yield return Quantized.QuantizedEmbeddingOperators.Rows;
        yield return Quantized.MixedProductOperators.Rows;
        yield return Llama.AttentionOperators.Rows;
        yield return Llama.CacheOperators.Rows;
        yield return Llama.HadamardOperators.Rows;
    }
}
