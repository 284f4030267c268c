using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Runtime;

namespace ExecuSharp.Comparison;

/// <summary>
/// Shows where a program parts from its source: the source is compiled once more with every value as an output, so that the same operators and
/// delegates run, and each value is compared with what the source graph gives.
/// </summary>
public static class LayerComparison
{
    /// <summary>Compares value by value, in graph order.</summary>
    /// <param name="source">The source graph.</param>
    /// <param name="options">How the program is compiled.</param>
    /// <param name="inputs">Inputs of the graph.</param>
    /// <param name="context">Vector width and threads.</param>
    public static IReadOnlyList<LayerGap> Run(Graph source, CompileOptions options, IReadOnlyList<Tensor> inputs, KernelContext context)
    {
        var graph = PteCompiler.Simplify(source, context);
        var visible = graph.Nodes.Where(n => n.Output.Kind == ValueKind.Tensor).ToList();
        var debug = PteCompiler.WithOutputs(graph, [.. visible.Select(n => n.Output)]);
        var expected = new Dictionary<Value, Tensor>();
        new GraphInterpreter(graph, context)
        {
            Observer = (node, results) =>
            {
                if (results[0].Tag == Tag.Tensor)
                    expected[node.Output] = results[0].AsTensor().Clone();
            },
        }.Run([.. inputs.Select(i => i.Clone())]);
        using var program = new ProgramExecutable(Program.Load(PteCompiler.Compile([debug], options, context).ToBytes()), null, "every value");
        var outputs = program.Run(inputs);
        return [.. visible.Select((n, i) => new LayerGap(i, n.Output.Name, n.Op, Similarity.Of(expected[n.Output], outputs[i])))];
    }
}
