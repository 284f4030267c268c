using ExecuSharp.Core;
using ExecuSharp.Operators.Decompositions.Common;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Operators.Decompositions.Resampling;

/// <summary>Which input elements make each output element, with which weights, along one dimension.</summary>
internal sealed class ResampleTaps(int outputs, int taps)
{
    private readonly long[,] places = new long[taps, outputs];
    private readonly double[,] weights = new double[taps, outputs];

    public void Set(int output, int tap, long place, double weight) => (places[tap, output], weights[tap, output]) = (place, weight);

    /// <summary>The weighted sum of selections.</summary>
    public Value Apply(IGraphBuilder b, Value x, int dim)
    {
        var type = x.Spec.Type.IsReducedFloating() ? ScalarType.Float : x.Spec.Type;
        var wide = b.Cast(x, type);
        var shape = Enumerable.Repeat(1, x.Spec.Rank).ToArray();
        shape[dim] = outputs;
        Value? sum = null;
        for (int k = 0; k < taps; k++)
        {
            var (place, weight) = (new long[outputs], new double[outputs]);
            for (int o = 0; o < outputs; o++)
                (place[o], weight[o]) = (places[k, o], weights[k, o]);
            if (Array.TrueForAll(weight, w => w == 0))
                continue;
            var part = b.IndexSelect(wide, dim, place);
            if (!Array.TrueForAll(weight, w => w == 1))
                part = b.Mul(part, b.Constant(Constants.Of(type, shape, weight)));
            sum = sum is null ? part : b.Add(sum, part);
        }
        return b.Cast(sum!, x.Spec.Type);
    }
}
