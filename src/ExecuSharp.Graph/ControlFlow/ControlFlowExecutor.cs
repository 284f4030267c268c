using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Graphs.ControlFlow;

/// <summary>Executes a control-flow node by running its sub-graphs.</summary>
internal static class ControlFlowExecutor
{
    private const long MaxRounds = 10_000_000;

    public static EValue[] Execute(Node node, Dictionary<Value, EValue> values, Func<Graph, IReadOnlyList<EValue>, EValue[]> run)
    {
        EValue[] Operands(string name) => [.. node.Arg(name).AsList().Select(a => NodeExecutor.Resolve(a, values))];
        Graph Inner(string name) => node.Arg(name).AsObject<Graph>();
        return node.Op switch
        {
            "higher_order::cond" => run(IsTrue(NodeExecutor.Resolve(node.Arg("pred"), values)) ? Inner("true_graph") : Inner("false_graph"), Operands("operands")),
            "higher_order::while_loop" => While(Inner("cond_graph"), Inner("body_graph"), Operands("carried"), Operands("additional"), run),
            "higher_order::map_impl" => Scan(Inner("body_graph"), [], Operands("mapped"), Operands("additional"), node.Outputs, run),
            _ => Scan(Inner("combine_graph"), Operands("init"), Operands("scanned"), Operands("additional"), node.Outputs, run),
        };
    }

    private static EValue[] While(Graph condition, Graph body, EValue[] carried, EValue[] additional, Func<Graph, IReadOnlyList<EValue>, EValue[]> run)
    {
        for (long round = 0; round < MaxRounds; round++)
        {
            EValue[] operands = [.. carried, .. additional];
            if (!IsTrue(run(condition, operands)[0]))
                return carried;
            carried = run(body, operands);
        }
        throw new ExecuTorchException(ErrorCode.InvalidProgram, $"a loop did not end after {MaxRounds} rounds");
    }

    private static EValue[] Scan(Graph body, EValue[] carried, EValue[] rows, EValue[] additional, IReadOnlyList<Value> outputs, Func<Graph, IReadOnlyList<EValue>, EValue[]> run)
    {
        int count = rows[0].AsTensor().Sizes[0];
        var stacked = new Tensor?[outputs.Count - carried.Length];
        for (int i = 0; i < count; i++)
        {
            var results = run(body, [.. carried, .. rows.Select(r => EValue.Of(Row(r.AsTensor(), i))), .. additional]);
            carried = results[..carried.Length];
            for (int k = 0; k < stacked.Length; k++)
            {
                var row = results[carried.Length + k].AsTensor();
                stacked[k] ??= Tensor.Empty(row.Type, [count, .. row.Sizes]);
                row.Bytes.CopyTo(Row(stacked[k]!, i).Bytes);
            }
        }
        for (int k = 0; k < stacked.Length; k++)
        {
            var spec = outputs[carried.Length + k].Spec;
            stacked[k] ??= Tensor.Empty(spec.Type, [0, .. spec.MaxSizes.AsSpan(1)]);
        }
        return [.. carried, .. stacked.Select(t => EValue.Of(t!))];
    }

    private static Tensor Row(Tensor tensor, int index)
    {
        var sizes = tensor.Sizes[1..];
        int bytes = tensor.Type.SizeOf();
        foreach (int s in sizes)
            bytes *= s;
        return new Tensor(tensor.Type, sizes, tensor.Storage.Slice(index * bytes, bytes));
    }

    private static bool IsTrue(EValue condition) => condition.Tag == Tag.Tensor
        ? !condition.AsTensor().Bytes.Contains((byte)0)
        : condition.AsBool();
}
