using ExecuSharp.Core;
using ExecuSharp.Graphs.ControlFlow;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Graphs;

/// <summary>
/// Executes a graph node by node through the operators' kernels, with new memory for every result: the reference for verification and constant
/// folding. Mutable buffers keep their contents between runs of one instance.
/// </summary>
/// <param name="graph">The graph; every node must have a kernel or be a control-flow operator.</param>
/// <param name="context">Vector width and threads.</param>
public sealed class GraphInterpreter(Graph graph, KernelContext context)
{
    private readonly Dictionary<Value, Tensor> buffers = graph.Constants.Where(c => c.Value.IsMutable)
        .ToDictionary(c => c.Key, c => c.Value.Tensor.Clone());

    /// <summary>Called after each node with its results.</summary>
    public Action<Node, IReadOnlyList<EValue>>? Observer { get; init; }

    /// <summary>Runs a graph once.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">A tensor for each tensor input, in order.</param>
    /// <param name="context">Vector width and threads.</param>
    /// <returns>The outputs for the caller, in order.</returns>
    /// <exception cref="ExecuTorchException">A kernel refuses its arguments; the message names the node.</exception>
    public static EValue[] Run(Graph graph, IReadOnlyList<Tensor> inputs, KernelContext context) => new GraphInterpreter(graph, context).Run(inputs);

    /// <summary>Runs the graph and keeps what it writes to mutable buffers.</summary>
    /// <param name="inputs">A tensor for each tensor input, in order. Inputs that the graph mutates are written.</param>
    /// <exception cref="ArgumentException">The number of inputs is wrong.</exception>
    /// <exception cref="ExecuTorchException">A kernel refuses its arguments; the message names the node.</exception>
    public EValue[] Run(IReadOnlyList<Tensor> inputs)
    {
        int wanted = graph.Inputs.Count(i => i.Literal is null);
        if (inputs.Count != wanted)
            throw new ArgumentException($"{graph.Name} takes {wanted} tensors, {inputs.Count} are given");
        int next = 0;
        return Run([.. graph.Inputs.Select(i => i.Literal is null ? EValue.Of(inputs[next++]) : NodeExecutor.Literal(i.Literal))]);
    }

    private EValue[] Run(IReadOnlyList<EValue> inputs)
    {
        var values = new Dictionary<Value, EValue>(graph.Nodes.Count);
        for (int i = 0; i < inputs.Count; i++)
            values[graph.Inputs[i].Value] = inputs[i];
        foreach (var (value, constant) in graph.Constants)
            values[value] = EValue.Of(constant.IsMutable ? buffers[value] : constant.Tensor);
        var remaining = UseCounts();
        foreach (var node in graph.Nodes)
        {
            var results = Execute(node, values);
            for (int i = 0; i < results.Length; i++)
                values[node.Outputs[i]] = results[i];
            Observer?.Invoke(node, results);
            foreach (var input in node.Inputs)
                if (remaining.TryGetValue(input, out int n) && (remaining[input] = n - 1) == 0)
                    values.Remove(input);
        }
        return Finish(values);
    }

    private EValue[] Execute(Node node, Dictionary<Value, EValue> values)
    {
        try
        {
            return node.Op switch
            {
                "higher_order::cond" or "higher_order::while_loop" or "higher_order::map_impl" or "higher_order::scan" =>
                    ControlFlowExecutor.Execute(node, values, RunSubgraph),
                _ when node.Operator is { Kernel: null, Decompose: not null } => Expand(node, values),
                _ => NodeExecutor.Execute(node, values, context),
            };
        }
        catch (ExecuTorchException e)
        {
            throw new ExecuTorchException(e.Code, $"node {node.Name} ({node.Op}): {e.Detail}", e);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException or DivideByZeroException or InvalidOperationException)
        {
            throw new ExecuTorchException(ErrorCode.Internal, $"node {node.Name} ({node.Op}): {e.Message}", e);
        }
    }

    private EValue[] RunSubgraph(Graph inner, IReadOnlyList<EValue> inputs) => new GraphInterpreter(inner, context) { Observer = Observer }.Run(inputs);

    /// <summary>Runs an operator without a kernel as what it is made of.</summary>
    private EValue[] Expand(Node node, Dictionary<Value, EValue> values)
    {
        var builder = new GraphBuilder(node.Name);
        Value[] inputs = [.. node.Inputs.Distinct()];
        foreach (var input in inputs)
            builder.AddInput(new GraphInput(input, input.Name));
        var results = node.Operator.Decompose!(builder, node.Args)
            ?? throw new ExecuTorchException(ErrorCode.OperatorMissing, "it has neither a kernel nor a decomposition for these arguments");
        foreach (var result in results)
            builder.Output(result, result.Name);
        return RunSubgraph(builder.Build(), [.. inputs.Select(i => NodeExecutor.Resolve(i, values))]);
    }

    private Dictionary<Value, int> UseCounts()
    {
        var counts = new Dictionary<Value, int>();
        foreach (var node in graph.Nodes)
            foreach (var input in node.Inputs)
                counts[input] = counts.GetValueOrDefault(input) + 1;
        foreach (var output in graph.Outputs)
        {
            foreach (var value in output.Result.Values())
                counts.Remove(value);
            if (output.MutatedBuffer is not null)
                counts.Remove(output.MutatedBuffer);
        }
        return counts;
    }

    private EValue[] Finish(Dictionary<Value, EValue> values)
    {
        var results = new List<EValue>();
        var writes = new List<(Value Buffer, Tensor Content)>();
        foreach (var output in graph.Outputs)
        {
            var result = NodeExecutor.Resolve(output.Result, values);
            if (output.MutatedBuffer is null)
                results.Add(result.Tag == Tag.Tensor ? EValue.Of(result.AsTensor().Clone()) : result);
            else
                writes.Add((output.MutatedBuffer, result.AsTensor().Clone()));
        }
        foreach (var (buffer, content) in writes)
        {
            if (buffers.ContainsKey(buffer))
                buffers[buffer] = content;
            else
                content.Bytes.CopyTo(values[buffer].AsTensor().Bytes);
        }
        return [.. results];
    }
}
