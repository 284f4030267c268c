using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>The dynamically quantized LSTM: input products for all steps at once, then a step at a time.</summary>
internal static class QuantizedLstm
{
    public static ScriptValue[] Call(OperatorCaller caller, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords)
    {
        // input, [h, c], params, has_biases, num_layers, dropout, train, bidirectional, batch_first
        if (args.Count < 9 || args[1].TryElements() is not [var h0, var c0] || keywords.Any(k => k.Key == "use_dynamic" && !(k.Value.Known()?.AsBool() ?? false)))
            throw new InvalidOperationException("this form of quantized_lstm is not supported");
        int layers = (int)args[4].Int(), directions = args[7].Int() != 0 ? 2 : 1;
        bool batchFirst = args[8].Int() != 0;
        var cells = args[2].Elements();
        var x = batchFirst ? caller.One("aten::transpose", args[0], 0L, 1L) : args[0];
        var hs = new List<ScriptValue>();
        var cs = new List<ScriptValue>();
        for (int layer = 0; layer < layers; layer++)
        {
            var outputs = new List<ScriptValue>();
            for (int direction = 0; direction < directions; direction++)
            {
                int index = (layer * directions) + direction;
                var (y, h, c) = Direction(caller, x, caller.One("aten::select", h0, 0L, index), caller.One("aten::select", c0, 0L, index), cells[index], direction == 1);
                outputs.Add(y);
                hs.Add(h);
                cs.Add(c);
            }
            x = outputs.Count == 1 ? outputs[0] : caller.One("aten::cat", new ScriptValue.List(outputs), -1L);
        }
        return
        [
            batchFirst ? caller.One("aten::transpose", x, 0L, 1L) : x,
            caller.One("aten::stack", new ScriptValue.List(hs), 0L),
            caller.One("aten::stack", new ScriptValue.List(cs), 0L),
        ];
    }

    private static (ScriptValue Output, ScriptValue H, ScriptValue C) Direction(OperatorCaller caller, ScriptValue x, ScriptValue h, ScriptValue c, ScriptValue cell, bool reverse)
    {
        // ("quantized_dynamic", biases, [], [reduce_range], [input weights, hidden weights])
        if (cell is not ScriptValue.Object { State: { } state } || state.TryElements() is not [var kind, .., var packed] || kind.Text() != "quantized_dynamic"
            || packed.TryElements() is not [var ih, var hh])
            throw new InvalidOperationException("the weights of a quantized_lstm are of an unknown form");
        var hidden = PackedWeights.Open(caller.Context, hh);
        var steps = caller.One("aten::unbind", QuantizedOperators.LinearDynamic(caller, x, PackedWeights.Open(caller.Context, ih)), 0L).Elements();
        var outputs = new ScriptValue[steps.Count];
        for (int i = 0; i < steps.Count; i++)
        {
            int step = reverse ? steps.Count - 1 - i : i;
            var gates = caller.One("aten::add", QuantizedOperators.LinearDynamic(caller, h, hidden), steps[step]);
            var parts = caller.One("aten::chunk", gates, 4L, 1L).Elements();
            var forget = caller.One("aten::mul", caller.One("aten::sigmoid", parts[1]), c);
            c = caller.One("aten::add", forget, caller.One("aten::mul", caller.One("aten::sigmoid", parts[0]), caller.One("aten::tanh", parts[2])));
            h = caller.One("aten::mul", caller.One("aten::sigmoid", parts[3]), caller.One("aten::tanh", c));
            outputs[step] = h;
        }
        return (caller.One("aten::stack", new ScriptValue.List(outputs), 0L), h, c);
    }
}
