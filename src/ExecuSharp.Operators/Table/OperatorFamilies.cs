using ExecuSharp.Operators.Builtin;
using ExecuSharp.Operators.Copying;
using ExecuSharp.Operators.Creation;
using ExecuSharp.Operators.Masking;
using ExecuSharp.Operators.Pointwise;
using ExecuSharp.Operators.Reduction;

namespace ExecuSharp.Operators.Table;

/// <summary>The one list of operator families. Adding an operator is a row in its family's file; adding a family is a line here.</summary>
internal static class OperatorFamilies
{
    public static IEnumerable<OperatorDefinition> All() => Families().Concat(Decompositions.DecompositionFamilies.All()).SelectMany(f => f);

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
        yield return ArithmeticOperators.Rows;
        yield return DivisionOperators.Rows;
        yield return PowerOperators.Rows;
        yield return ClampOperators.Rows;
        yield return UnaryOperators.Rows;
        yield return MathOperators.Rows;
        yield return ActivationOperators.Rows;
        yield return ComparisonOperators.Rows;
        yield return BitwiseOperators.Rows;
        yield return Linear.MatrixOperators.Rows;
        yield return Convolution.ConvolutionOperators.Rows;
        yield return SumOperators.Rows;
        yield return ExtremeOperators.Rows;
        yield return AnyOperators.Rows;
        yield return ProductOperators.Rows;
        yield return VarianceOperators.Rows;
        yield return CumulativeOperators.Rows;
        yield return SoftmaxOperators.Rows;
        yield return CopyOperators.Rows;
        yield return RepeatOperators.Rows;
        yield return CreationOperators.Rows;
        yield return RandomOperators.Rows;
        yield return MaskOperators.Rows;
        yield return BuiltinOperators.Rows;
        yield return TensorBuiltins.Rows;
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
