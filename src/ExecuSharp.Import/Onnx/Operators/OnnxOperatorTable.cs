using System.Collections.Frozen;

namespace ExecuSharp.Import.Onnx;

/// <summary>All ONNX operators that can be imported. An operator is a row in its family's file; a family is a line here.</summary>
internal static class OnnxOperatorTable
{
    private static readonly FrozenDictionary<(string, string), OnnxOperator> Rows = All().ToFrozenDictionary(r => (r.Domain, r.Name));

    public static IEnumerable<OnnxOperator> Operators => Rows.Values;

    public static OnnxOperator? Find(string domain, string name) => Rows.GetValueOrDefault((domain, name));

    private static IEnumerable<OnnxOperator> All() =>
    [
        .. ElementwiseRows.Rows,
        .. ComparisonRows.Rows,
        .. ActivationRows.Rows,
        .. CastRows.Rows,
        .. ReduceRows.Rows,
        .. ShapeRows.Rows,
        .. LayoutRows.Rows,
        .. IndexRows.Rows,
        .. MatrixRows.Rows,
        .. ConvolutionRows.Rows,
        .. PoolRows.Rows,
        .. NormalizationRows.Rows,
        .. SoftmaxRows.Rows,
        .. LossRows.Rows,
        .. RecurrentRows.Rows,
        .. ResizeRows.Rows,
        .. SamplingRows.Rows,
        .. QuantizeRows.Rows,
        .. SignalRows.Rows,
        .. AttentionRows.Rows,
        .. LinearAttentionRows.Rows,
        .. ControlFlowRows.Rows,
        .. SequenceRows.Rows,
        .. SelectionRows.Rows,
        .. MicrosoftRows.Rows,
        .. MicrosoftQuantizedRows.Rows,
    ];
}
