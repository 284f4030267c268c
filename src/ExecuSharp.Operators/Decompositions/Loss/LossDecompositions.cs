using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;
using static ExecuSharp.Operators.Decompositions.Common.Decomposed;

namespace ExecuSharp.Operators.Decompositions.Loss;

/// <summary>Losses. The reduction is 0 for none, 1 for the mean, 2 for the sum.</summary>
internal static class LossDecompositions
{
    internal static IEnumerable<OperatorDefinition> Rows =>
    [
        One("aten::mse_loss(Tensor self, Tensor target, int reduction=Mean) -> Tensor", (b, a) => Reduce(b, b.Pow(b.Sub(a[0], a[1]), 2), a[2].AsInt())),
        One("aten::l1_loss(Tensor self, Tensor target, int reduction=Mean) -> Tensor", (b, a) => Reduce(b, b.Abs(b.Sub(a[0], a[1])), a[2].AsInt())),
        One("aten::smooth_l1_loss(Tensor self, Tensor target, int reduction=Mean, float beta=1.0) -> Tensor", SmoothL1),
        One("aten::huber_loss(Tensor self, Tensor target, int reduction=Mean, float delta=1.0) -> Tensor", Huber),
        One("aten::binary_cross_entropy(Tensor self, Tensor target, Tensor? weight=None, int reduction=Mean) -> Tensor", BinaryCrossEntropy),
        One("aten::binary_cross_entropy_with_logits(Tensor self, Tensor target, Tensor? weight=None, Tensor? pos_weight=None, int reduction=Mean) -> Tensor", WithLogits),
        One("aten::cross_entropy_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=Mean, SymInt ignore_index=-100, float label_smoothing=0.0) -> Tensor", CrossEntropy),
        One("aten::nll_loss(Tensor self, Tensor target, Tensor? weight=None, int reduction=Mean, SymInt ignore_index=-100) -> Tensor",
            (b, a) => NegativeLikelihood(b, a[0].AsValue(), a[1].AsValue(), a[2].AsOptionalValue(), a[3].AsInt(), a[4].AsInt(), 0)),
        One("aten::nll_loss_nd(Tensor self, Tensor target, Tensor? weight=None, int reduction=Mean, SymInt ignore_index=-100) -> Tensor",
            (b, a) => NegativeLikelihood(b, a[0].AsValue(), a[1].AsValue(), a[2].AsOptionalValue(), a[3].AsInt(), a[4].AsInt(), 0)),
        Many("torch_nn::_linear_cross_entropy_batch_chunked(Tensor input, Tensor linear_weight, Tensor target, Tensor? linear_bias=None, Tensor? weight=None, str reduction='mean', int ignore_index=-100, float label_smoothing=0.0, int batch_chunk_size=1, str acc_policy='compact', ScalarType? acc_dtype=None, bool allow_retain_graph=True, bool compute_input_grad=False, bool compute_linear_weight_grad=False, bool compute_linear_bias_grad=False) -> (Tensor, Tensor, Tensor, Tensor)",
            (b, a) => [OfLinear(b, a, a[4], a[5].AsString() switch { "mean" => 1, "sum" => 2, _ => 0 }, a[6], a[7])]),
        One("torch_nn::_linear_cross_entropy_batch_chunked_no_reduction(Tensor input, Tensor linear_weight, Tensor target, Tensor? linear_bias=None, Tensor? weight=None, int ignore_index=-100, int batch_chunk_size=1, str acc_policy='compact', ScalarType? acc_dtype=None) -> Tensor",
            (b, a) => OfLinear(b, a, a[4], 0, a[5], 0.0)),
        One("aten::kl_div(Tensor self, Tensor target, int reduction=Mean, *, bool log_target=False) -> Tensor", Divergence),
    ];

    private static Value Reduce(IGraphBuilder b, Value loss, long reduction) => reduction switch
    {
        1 => b.Call1("aten::mean", loss, Argument.None),
        2 => b.Call1("aten::sum", loss, Argument.None),
        _ => loss,
    };

    private static Value SmoothL1(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var distance = b.Abs(b.Sub(a[0], a[1]));
        double beta = a[3].AsDouble();
        var loss = beta == 0 ? distance : b.Where(b.Lt(distance, beta), b.Mul(b.Mul(distance, distance), 0.5 / beta), b.Sub(distance, 0.5 * beta));
        return Reduce(b, loss, a[2].AsInt());
    }

    private static Value Huber(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var distance = b.Abs(b.Sub(a[0], a[1]));
        double delta = a[3].AsDouble();
        return Reduce(b, b.Where(b.Le(distance, delta), b.Mul(b.Mul(distance, distance), 0.5), b.Mul(b.Sub(distance, 0.5 * delta), delta)), a[2].AsInt());
    }

    private static Value BinaryCrossEntropy(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, target) = (a[0].AsValue(), a[1].AsValue());
        var yes = b.Clamp(b.Log(x), -100, Argument.None);
        var no = b.Clamp(b.Call1("aten::log1p", b.Neg(x)), -100, Argument.None);
        var loss = b.Sub(b.Mul(b.Sub(target, 1), no), b.Mul(target, yes));
        return Reduce(b, a[2].IsNone ? loss : b.Mul(loss, a[2]), a[3].AsInt());
    }

    private static Value WithLogits(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, target) = (a[0].AsValue(), a[1].AsValue());
        var log = Activation.ActivationDecompositions.LogSigmoid(b, [x]);
        var rest = b.Mul(b.Call1("aten::rsub.Scalar", target, 1), x);
        Value loss;
        if (a[3].IsNone)
            loss = b.Sub(rest, log);
        else
            loss = b.Sub(rest, b.Mul(b.Add(b.Mul(b.Sub(a[3], 1), target), 1), log));
        return Reduce(b, a[2].IsNone ? loss : b.Mul(loss, a[2]), a[4].AsInt());
    }

    private static Value CrossEntropy(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, target) = (a[0].AsValue(), a[1].AsValue());
        double smoothing = a[5].AsDouble();
        int dim = x.Spec.Rank == 1 ? 0 : 1;
        var log = b.Call1("aten::_log_softmax", x, dim, false);
        if (!target.Spec.Type.IsFloating())
            return NegativeLikelihood(b, log, target, a[2].AsOptionalValue(), a[3].AsInt(), a[4].AsInt(), smoothing);
        double classes = x.Spec.Sizes[dim].Value;
        if (smoothing > 0)
            target = b.Add(b.Mul(target, 1 - smoothing), smoothing / classes);
        var product = b.Mul(log, target);
        if (!a[2].IsNone)
            product = b.Mul(product, Along(b, a[2].AsValue(), x.Spec.Rank, dim));
        var loss = b.Neg(b.Sum(product, [dim]));
        if (a[3].AsInt() != 1)
            return Reduce(b, loss, a[3].AsInt());
        return b.Div(b.Call1("aten::sum", loss, Argument.None), x.Spec.MaxNumel / classes);
    }

    /// <summary>The loss of a linear layer's result; the parts that it is computed in do not change it.</summary>
    private static Value OfLinear(IGraphBuilder b, IReadOnlyList<Argument> a, Argument weight, long reduction, Argument ignore, Argument smoothing) =>
        CrossEntropy(b, [b.Call1("aten::linear", a[0], a[1], a[3]), a[2], weight, reduction, ignore, smoothing]);

    private static Value NegativeLikelihood(IGraphBuilder b, Value log, Value target, Value? weight, long reduction, long ignore, double smoothing)
    {
        int dim = log.Spec.Rank == 1 ? 0 : 1;
        var used = b.Ne(target, ignore);
        var place = b.Where(used, target, b.Constant(Constants.Filled(target.Spec.Type, [], 0)));
        var chosen = b.Neg(b.Squeeze(b.Call1("aten::gather", log, dim, b.Unsqueeze(b.Cast(place, ScalarType.Long), dim)), dim));
        Value? weights = weight is null ? null : b.View(b.Call1("aten::index_select", weight, 0, b.View(b.Cast(place, ScalarType.Long), (Argument)(-1))), b.Sizes(target));
        var zero = b.Number(0.0, log.Spec.Type);
        var loss = b.Where(used, weights is null ? chosen : b.Mul(chosen, weights), zero);
        if (smoothing > 0)
        {
            var all = weight is null ? log : b.Mul(log, Along(b, weight, log.Spec.Rank, dim));
            var smooth = b.Where(used, b.Neg(b.Sum(all, [dim])), zero);
            loss = b.Add(b.Mul(loss, 1 - smoothing), b.Mul(smooth, smoothing / log.Spec.Sizes[dim].Value));
        }
        if (reduction != 1)
            return Reduce(b, loss, reduction);
        var total = weights is null ? b.Cast(used, log.Spec.Type) : b.Where(used, weights, zero);
        return b.Div(b.Call1("aten::sum", loss, Argument.None), b.Call1("aten::sum", total, Argument.None));
    }

    private static Value Divergence(IGraphBuilder b, IReadOnlyList<Argument> a)
    {
        var (x, target) = (a[0].AsValue(), a[1].AsValue());
        var loss = a[3].AsBool()
            ? b.Mul(b.Exp(target), b.Sub(target, x))
            : b.Sub(b.Call1("aten::xlogy.Tensor", target, target), b.Mul(target, x));
        return Reduce(b, loss, a[2].AsInt());
    }

    private static Value Along(IGraphBuilder b, Value vector, int rank, int dim) =>
        b.View(vector, [.. Enumerable.Range(0, rank).Select(d => (Argument)(d == dim ? -1 : 1))]);
}
