using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>Losses over class indices.</summary>
internal static class LossRows
{
    public static IEnumerable<OnnxOperator> Rows =>
    [
        new("NegativeLogLikelihoodLoss", 12, n => [n.Same(Loss(n, n.X))]),
        new("SoftmaxCrossEntropyLoss", 12, n =>
        {
            var log = n.Aten.LogSoftmax(n.X, 1);
            return [n.Same(Loss(n, log)), n.Same(log)];
        }),
    ];

    private static Value Loss(OnnxNode n, Value log)
    {
        var a = n.Aten;
        var type = log.Spec.Type;
        var target = a.Cast(n.In(1), ScalarType.Long);
        Value? kept = null;
        if (n.Attribute("ignore_index") is { } ignored)
        {
            kept = a.Call("aten::ne.Tensor", target, a.Number(ignored.Int, target));
            target = a.Where(kept, target, 0);
        }
        var picked = a.Neg(a.Squeeze(a.Call("aten::gather", log, 1, a.Unsqueeze(target, 1)), 1));
        Value? weight = null;
        if (n.Opt(2) is { } classes)
            weight = a.View(a.IndexSelect(classes, 0, a.View(target, target.Spec.MaxNumel)), Aten.Sizes(target));
        if (kept is not null)
            weight = weight is null ? a.Cast(kept, type) : a.Where(kept, weight, 0);
        var loss = weight is null ? picked : kept is null ? a.Mul(picked, weight) : a.Where(kept, a.Mul(picked, weight), 0);
        long[] all = [.. Enumerable.Range(0, loss.Spec.Rank).Select(i => (long)i)];
        return n.Text("reduction", "mean") switch
        {
            "none" => loss,
            "sum" => a.Sum(loss, all, false),
            "mean" => weight is null ? a.Mean(loss, all, false) : a.Div(a.Sum(loss, all, false), a.Sum(weight, all, false)),
            var other => throw n.Bad("reduction none, sum or mean", other),
        };
    }
}
