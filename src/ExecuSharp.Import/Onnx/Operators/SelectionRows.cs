using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Operators whose output sizes depend on values: computed at conversion where the input is known, else left to the runtime's nonzero.</summary>
internal static class SelectionRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("NonZero", 9, n => [OnnxNode.As(n.Aten.Transpose(n.Aten.NonZero(n.X), 0, 1), OnnxDataType.Int64)]),
        new("Compress", 9, Compress),
        new("NonMaxSuppression", 10, n => [NonMaxSuppression.Apply(n)]),
        new("Unique", 11, UniqueElements.Apply),
        new("TfIdfVectorizer", 9, n => [TermFrequencies.Apply(n)]),
        new("Bernoulli", 15, "it is random"),
        new("RandomNormal", 1, "it is random"),
        new("RandomNormalLike", 1, "it is random"),
        new("RandomUniform", 1, "it is random"),
        new("RandomUniformLike", 1, "it is random"),
        new("Multinomial", 7, "it is random"),
        new("ImageDecoder", 20, "it needs an image codec; decode the image before the model"),
    ];

    private static Value Compress(OnnxNode n)
    {
        var a = n.Aten;
        var x = n.X;
        int axis = 0;
        if (n.Attribute("axis") is { } given)
            axis = n.Axis(given.Int, x.Spec.Rank);
        else
            x = a.View(x, x.Spec.MaxNumel);
        if (n.Known(1) is { } known)
            return a.IndexSelect(x, axis, a.Constant([.. Values.Longs(known).Select((c, i) => c != 0 ? i : -1L).Where(i => i >= 0)]));
        var positions = a.NonZero(n.In(1));
        return a.IndexSelect(x, axis, a.Call("aten::select_copy.int", positions, 1, 0));
    }
}
