using ExecuSharp.Core;
using ExecuSharp.Models.Building;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Models.Seizure;

/// <summary>
/// The LSTM of a CNN-LSTM (<c>lstm.weight_ih_l0 …</c>), unrolled. The gates are put in the order input, forget, output, cell, so that the three sigmoids are one.
/// The first layer's share of its input is one product for all steps.
/// </summary>
internal sealed class LstmLayers
{
    private readonly Checkpoint checkpoint;
    private readonly int inputs;
    private readonly int count = 1;

    public LstmLayers(Checkpoint checkpoint, long inputs)
    {
        this.checkpoint = checkpoint;
        this.inputs = (int)inputs;
        while (checkpoint.Tensors.ContainsKey($"lstm.weight_ih_l{count}"))
            count++;
        Hidden = checkpoint.Tensors.TryGetValue("lstm.weight_hh_l0", out var weight) && weight.Shape is [_, var hidden] ? (int)Math.Min(hidden, 1 << 16) : 128;
    }

    public int Hidden { get; }

    public int Count => count;

    public void Require(KeyCheck check)
    {
        for (int k = 0; k < count; k++)
        {
            check.Require($"lstm.weight_ih_l{k}", 4 * Hidden, k == 0 ? inputs : Hidden);
            check.Require($"lstm.weight_hh_l{k}", 4 * Hidden, Hidden);
            check.Require($"lstm.bias_ih_l{k}", 4 * Hidden);
            check.Require($"lstm.bias_hh_l{k}", 4 * Hidden);
        }
    }

    /// <summary>x is [steps * batch, features], a step's rows together; the result is the last step's output [batch, hidden].</summary>
    public Value Add(Layers layers, Value x, int steps, int batch)
    {
        var shares = layers.Linear(x, Gates("weight_ih_l0"), Bias(0), "lstm.ih_l0");
        var recurrent = layers.Constant(Gates("weight_hh_l0"), "lstm.hh_l0.weight");
        var upper = new (Value First, Value Both, Value Bias)[count];
        for (int k = 1; k < count; k++)
            upper[k] = (layers.Constant(Gates($"weight_ih_l{k}"), $"lstm.ih_l{k}.weight"), layers.Constant(Both(k), $"lstm.l{k}.weight"), layers.Constant(Bias(k), $"lstm.l{k}.bias"));
        var state = new (Value? Output, Value? Cell)[count];
        for (int step = 0; step < steps; step++)
        {
            var gates = layers.Slice(shares, 0, step * batch, (step + 1) * batch);
            if (state[0].Output is { } previous)
                gates = layers.Add(gates, layers.Builder.Call("aten::linear", previous, recurrent, Argument.None));
            state[0] = Cell(layers, gates, state[0].Cell);
            for (int k = 1; k < count; k++)
            {
                var below = state[k - 1].Output!;
                gates = state[k].Output is { } own
                    ? layers.Builder.Call("aten::linear", layers.Concatenate(1, below, own), upper[k].Both, upper[k].Bias)
                    : layers.Builder.Call("aten::linear", below, upper[k].First, upper[k].Bias);
                state[k] = Cell(layers, gates, state[k].Cell);
            }
        }
        return state[^1].Output!;
    }

    private (Value Output, Value Cell) Cell(Layers layers, Value gates, Value? cell)
    {
        var sigmoids = layers.Sigmoid(layers.Slice(gates, 1, 0, 3 * Hidden));
        var candidate = layers.Tanh(layers.Slice(gates, 1, 3 * Hidden, 4 * Hidden));
        var next = layers.Multiply(layers.Slice(sigmoids, 1, 0, Hidden), candidate);
        if (cell is not null)
            next = layers.Add(layers.Multiply(layers.Slice(sigmoids, 1, Hidden, 2 * Hidden), cell), next);
        return (layers.Multiply(layers.Slice(sigmoids, 1, 2 * Hidden, 3 * Hidden), layers.Tanh(next)), next);
    }

    /// <summary>A weight or bias of PyTorch's order input, forget, cell, output with the last two exchanged.</summary>
    private Tensor Gates(string name)
    {
        var order = new int[4 * Hidden];
        for (int i = 0; i < order.Length; i++)
            order[i] = i < 2 * Hidden ? i : i < 3 * Hidden ? i + Hidden : i - Hidden;
        return Weights.TakeRows(Weights.Float(checkpoint.Tensors["lstm." + name]), order);
    }

    private Tensor Bias(int layer) => Weights.Sum(Gates($"bias_ih_l{layer}"), Gates($"bias_hh_l{layer}"));

    /// <summary>[4 * hidden, 2 * hidden]: the weights of the layer below, then those of the layer itself.</summary>
    private Tensor Both(int layer)
    {
        var below = Gates($"weight_ih_l{layer}").Span<float>();
        var own = Gates($"weight_hh_l{layer}").Span<float>();
        var result = Tensor.Empty(ScalarType.Float, [4 * Hidden, 2 * Hidden]);
        var to = result.Span<float>();
        for (int row = 0; row < 4 * Hidden; row++)
        {
            below.Slice(row * Hidden, Hidden).CopyTo(to[(row * 2 * Hidden)..]);
            own.Slice(row * Hidden, Hidden).CopyTo(to[((row * 2 * Hidden) + Hidden)..]);
        }
        return result;
    }
}
