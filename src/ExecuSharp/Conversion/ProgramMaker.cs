using System.Security.Cryptography;
using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Compiler.Emission;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime;
using ExecuSharp.Tensors;

namespace ExecuSharp.Conversion;

/// <summary>Compiles graphs to one program, opens it again, and compares each method with its graph.</summary>
internal sealed class ProgramMaker(string model, ConvertOptions options, KernelContext context, IProgress<string>? progress, CancellationToken cancellation)
{
    /// <summary>Makes a program.</summary>
    /// <param name="methods">A graph for each method, by the name in reports.</param>
    /// <param name="path">Where it will be written.</param>
    /// <exception cref="SimilarityException">A method is not like its graph.</exception>
    public MadeProgram Make(IReadOnlyList<(string Name, Graph Graph)> methods, string path)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Report($"compile {(methods.Count == 1 ? Label(methods[0].Name) : model)}");
        var program = PteCompiler.Compile([.. methods.Select(m => m.Graph)], options.Compile, context);
        var bytes = program.ToBytes();
        return new MadeProgram(path, bytes, program, [.. methods.Select(m => Prove(m.Name, m.Graph, path, bytes, program))]);
    }

    private string Label(string name) => name.Length == 0 ? model : $"{model} {name}";

    private ProgramReport Prove(string name, Graph graph, string path, byte[] bytes, CompiledProgram program)
    {
        cancellation.ThrowIfCancellationRequested();
        string label = Label(name);
        progress?.Report($"compare {label} with its source");
        using var reference = new GraphExecutable(graph, context, "source");
        using var result = new ProgramExecutable(Load(bytes, program), graph.Name, Path.GetFileName(path));
        var comparison = Compare(reference, result);
        bool good = comparison.Worst.Cosine >= options.MinSimilarity;
        IReadOnlyList<LayerGap> layers = [];
        if (options.Layers || !good)
        {
            progress?.Report($"compare {label} layer by layer");
            layers = LayerComparison.Run(graph, options.Compile, ModelComparison.RandomInputs(reference, 1, options.Seed).First(), context);
        }
        if (!good)
            throw new SimilarityException(label, comparison, options.MinSimilarity, layers);
        return Report(name, path, bytes, result.Method.Records, comparison, layers, program.Reasons[graph.Name], program.DelegatedNodes[graph.Name]);
    }

    // Random integers may be what a model refuses, such as a divisor of zero; ones are ExecuTorch's own default.
    private ModelComparison Compare(GraphExecutable reference, ProgramExecutable result)
    {
        try
        {
            return ModelComparison.Run(reference, result, ModelComparison.RandomInputs(reference, options.Rounds, options.Seed), cancellation);
        }
        catch (ExecuTorchException) when (reference.Inputs.Any(i => !i.Type.IsFloating()))
        {
            return ModelComparison.Run(reference, result, [[.. reference.Inputs.Select(i => SampleInputs.Ones(i.Type, i.MaxSizes))]], cancellation);
        }
    }

    private static Program Load(byte[] bytes, CompiledProgram program) =>
        program.ExternalWeights.Count == 0 ? Program.Load(bytes) : Program.Load(bytes, null, MadeProgram.DataFile(program));

    private static ProgramReport Report(string name, string path, byte[] bytes, PteMethod method, ModelComparison comparison, IReadOnlyList<LayerGap> layers, IReadOnlyDictionary<string, string> reasons, int delegatedNodes)
    {
        var operators = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var call in method.Chains.SelectMany(c => c.Instructions).OfType<PteInstruction.KernelCall>())
            operators[method.Operators[call.OperatorIndex].Key] = operators.GetValueOrDefault(method.Operators[call.OperatorIndex].Key) + 1;
        return new ProgramReport(name, path, bytes.Length, System.Convert.ToHexStringLower(SHA256.HashData(bytes)), operators, method.Delegates.Count, delegatedNodes, method.MemorySizes.Sum(), comparison, layers, reasons);
    }
}
