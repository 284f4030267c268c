using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Loss;

/// <summary>Losses by margins and distances, and that of counts.</summary>
internal static class MarginLossDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::margin_ranking_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, int reduction=Mean) -> Tensor",
            (b, a) => LossDecompositions.Reduce(b, Positive(b, b.Add(b.Mul(b.Neg(a[2]), b.Sub(a[0], a[1])), a[3])), a[4].AsInt())),
        One("aten::hinge_embedding_loss(Tensor self, Tensor target, float margin=1.0, int reduction=Mean) -> Tensor", Hinge),
        One("aten::cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, float margin=0.0, int reduction=Mean) -> Tensor", Cosine),
        One("aten::triplet_margin_loss(Tensor anchor, Tensor positive, Tensor negative, float margin=1.0, float p=2, float eps=1e-06, bool swap=False, int reduction=Mean) -> Tensor", Triplet),
        One("aten::soft_margin_loss(Tensor self, Tensor target, int reduction=Mean) -> Tensor",
            (b, a) => LossDecompositions.Reduce(b, b.Call1("aten::log1p", b.Exp(b.Mul(b.Neg(a[0]), a[1]))), a[2].AsInt())),
        One("aten::poisson_nll_loss(Tensor input, Tensor target, bool log_input, bool full, float eps, int reduction) -> Tensor", Poisson),
    ];

    private static Value Positive(IGraphBuilder b, Value x) => b.Clamp(x, 0.0, Argument.None);

    private static Value Hinge(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, target) = (a[0].AsValue(), a[1].AsValue());
        var zero = b.Number(0.0, x.Spec.Type);
        var apart = b.Where(b.Ne(target, 1), Positive(b, b.Call1("aten::rsub.Scalar", x, a[2])), zero);
        var together = b.Where(b.Ne(target, -1), x, zero);
        return LossDecompositions.Reduce(b, b.Add(apart, together), a[3].AsInt());
    }

    private static Value Cosine(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        const double Epsilon = 1e-12;
        var (x, y, target) = (a[0].AsValue(), a[1].AsValue(), a[2].AsValue());
        long[] last = [x.Spec.Rank - 1];
        Value Squares(Value v) => b.Add(b.Sum(b.Mul(v, v), last), Epsilon);
        var cosine = b.Div(b.Sum(b.Mul(x, y), last), b.Sqrt(b.Mul(Squares(x), Squares(y))));
        var zero = b.Number(0.0, cosine.Spec.Type);
        var together = b.Where(b.Eq(target, 1), b.Call1("aten::rsub.Scalar", cosine, 1.0), zero);
        var apart = b.Where(b.Eq(target, -1), Positive(b, b.Sub(cosine, a[3])), zero);
        return LossDecompositions.Reduce(b, b.Add(together, apart), a[4].AsInt());
    }

    private static Value Triplet(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        Value Distance(Argument x, Argument y) => b.Call1("aten::pairwise_distance", x, y, a[4], a[5]);
        var far = Distance(a[0], a[2]);
        if (a[6].AsBool())
            far = b.Minimum(far, Distance(a[1], a[2]));
        return LossDecompositions.Reduce(b, Positive(b, b.Add(b.Sub(Distance(a[0], a[1]), far), a[3])), a[7].AsInt());
    }

    private static Value Poisson(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, target) = (a[0].AsValue(), a[1].AsValue());
        var loss = a[2].AsBool() ? b.Sub(b.Exp(x), b.Mul(target, x)) : b.Sub(x, b.Mul(target, b.Log(b.Add(x, a[4]))));
        if (a[3].AsBool())
        {
            var stirling = b.Add(b.Sub(b.Mul(target, b.Log(target)), target), b.Mul(b.Log(b.Mul(target, 2 * Math.PI)), 0.5));
            loss = b.Add(loss, b.Where(b.Le(target, 1), 0.0, stirling));
        }
        return LossDecompositions.Reduce(b, loss, a[5].AsInt());
    }
}
