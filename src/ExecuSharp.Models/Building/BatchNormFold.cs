using ExecuSharp.Core;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Models.Building;

/// <summary>A convolution or linear layer with the batch normalisation that follows it, as one layer.</summary>
internal static class BatchNormFold
{
    /// <summary>The weights and bias of the one layer. <paramref name="name"/> is the layer's name, <paramref name="norm"/> that of the normalisation.</summary>
    public static (Tensor Weight, Tensor Bias) Apply(Checkpoint checkpoint, string name, string norm, double epsilon)
    {
        Tensor Get(string key) => Weights.Float(checkpoint.Tensors[key]);
        var weight = Get(name + ".weight");
        var gamma = Get(norm + ".weight").Span<float>();
        var bias = checkpoint.Tensors.ContainsKey(name + ".bias") ? Get(name + ".bias").Span<float>() : new float[gamma.Length];
        var beta = Get(norm + ".bias").Span<float>();
        var mean = Get(norm + ".running_mean").Span<float>();
        var variance = Get(norm + ".running_var").Span<float>();
        var foldedWeight = Tensor.Empty(ScalarType.Float, weight.Sizes);
        var foldedBias = Tensor.Empty(ScalarType.Float, [bias.Length]);
        var from = weight.Span<float>();
        var to = foldedWeight.Span<float>();
        int row = from.Length / bias.Length;
        for (int o = 0; o < bias.Length; o++)
        {
            double factor = gamma[o] / Math.Sqrt(variance[o] + epsilon);
            for (int i = o * row; i < (o + 1) * row; i++)
                to[i] = (float)(from[i] * factor);
            foldedBias.Span<float>()[o] = (float)(((bias[o] - mean[o]) * factor) + beta[o]);
        }
        return (foldedWeight, foldedBias);
    }
}
