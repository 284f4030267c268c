using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ExecuSharp.Comparison;
using ExecuSharp.Compiler;
using ExecuSharp.Compiler.Emission;
using ExecuSharp.Core;
using ExecuSharp.Formats.FlatTensor;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Runtime;
using ExecuSharp.Tensors;

namespace ExecuSharp.Conversion;

/// <summary>Compiles graphs to one program, writes it under a temporary name, opens that file, and compares each method with its graph.</summary>
internal sealed class ProgramMaker(string model, ConvertOptions options, KernelContext context, StagedFiles files, IProgress<string>? progress, CancellationToken cancellation)
{
    /// <summary>Where a program's data file lies.</summary>
    public static string DataPath(string program) => Path.ChangeExtension(program, ".ptd");

    /// <summary>Makes a program.</summary>
    /// <param name="methods">A graph for each method, by the name in reports.</param>
    /// <param name="path">The name that it will get.</param>
    /// <exception cref="SimilarityException">A method is not like its graph.</exception>
    public IReadOnlyList<ProgramReport> Make(IReadOnlyList<(string Name, Graph Graph)> methods, string path)
    {
        cancellation.ThrowIfCancellationRequested();
        progress?.Report($"compile {(methods.Count == 1 ? Label(methods[0].Name) : model)}");
        var written = Write(methods, path);
        GC.Collect();
        return [.. methods.Select(m => Prove(m.Name, m.Graph, path, written))];
    }

    // What is compared is the written file. The compiled program lives in this frame only, so that its weights can be collected afterwards.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WrittenProgram Write(IReadOnlyList<(string Name, Graph Graph)> methods, string path)
    {
        var program = PteCompiler.Compile([.. methods.Select(m => m.Graph)], options.Compile, context);
        string temporary = files.Write(path, program.Write);
        string[] data = program.ExternalWeights.Count == 0 ? [] : [files.Write(DataPath(path), stream => WriteWeights(program, stream))];
        using var bytes = File.OpenRead(temporary);
        return new WrittenProgram(temporary, data, bytes.Length, System.Convert.ToHexStringLower(SHA256.HashData(bytes)), program.DelegatedNodes, program.Reasons);
    }

    private static void WriteWeights(CompiledProgram program, Stream target) =>
        FlatTensorFile.Write([.. program.ExternalWeights.Select(t => (t.Key, t.Tensor.Type, t.Tensor.Sizes.ToArray(), t.Tensor.DimOrder.ToArray(), (ReadOnlyMemory<byte>)t.Tensor.Storage[..(int)t.Tensor.ByteLength]))], target);

    private string Label(string name) => name.Length == 0 ? model : $"{model} {name}";

    private ProgramReport Prove(string name, Graph graph, string path, WrittenProgram written)
    {
        cancellation.ThrowIfCancellationRequested();
        string label = Label(name);
        progress?.Report($"compare {label} with its source");
        using var reference = new GraphExecutable(graph, context, "source");
        using var result = new LateExecutable(() => new ProgramExecutable(Program.Load(written.Path, null, written.Data), graph.Name, Path.GetFileName(path)));
        var (comparison, inputs) = Compare(reference, result);
        bool good = comparison.Worst.Cosine >= options.MinSimilarity;
        IReadOnlyList<LayerGap> layers = [];
        if (options.Layers || !good)
        {
            progress?.Report($"compare {label} layer by layer");
            layers = LayerComparison.Run(graph, options.Compile, inputs, context);
        }
        if (!good)
            throw new SimilarityException(label, comparison, options.MinSimilarity, layers);
        return Report(name, path, written, result.Program.Method.Records, comparison, layers);
    }

    // Random integers may be what a model refuses, such as a divisor of zero; ones are ExecuTorch's own default.
    private (ModelComparison Comparison, IReadOnlyList<Tensor> Inputs) Compare(GraphExecutable reference, LateExecutable result)
    {
        try
        {
            return Compare(reference, result, [.. ModelComparison.RandomInputs(reference, options.Rounds, options.Seed)]);
        }
        catch (ExecuTorchException) when (reference.Inputs.Any(i => !i.Type.IsFloating()))
        {
            return Compare(reference, result, [[.. reference.Inputs.Select(i => SampleInputs.Ones(i.Type, i.MaxSizes))]]);
        }
    }

    // The source runs on all inputs before the program is loaded: the weights of one at a time are in memory.
    private (ModelComparison Comparison, IReadOnlyList<Tensor> Inputs) Compare(GraphExecutable reference, LateExecutable result, IReadOnlyList<IReadOnlyList<Tensor>> inputs)
    {
        var recorded = new RecordedExecutable(reference, inputs, cancellation);
        GC.Collect();
        return (ModelComparison.Run(recorded, result, inputs, cancellation), inputs[0]);
    }

    private static ProgramReport Report(string name, string path, WrittenProgram written, PteMethod method, ModelComparison comparison, IReadOnlyList<LayerGap> layers)
    {
        var operators = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var call in method.Chains.SelectMany(c => c.Instructions).OfType<PteInstruction.KernelCall>())
            operators[method.Operators[call.OperatorIndex].Key] = operators.GetValueOrDefault(method.Operators[call.OperatorIndex].Key) + 1;
        return new ProgramReport(name, path, written.Bytes, written.Sha256, operators, method.Delegates.Count, written.DelegatedNodes[method.Name], method.MemorySizes.Sum(), comparison, layers, written.Reasons[method.Name],
            written.Data.Length == 0 ? null : DataPath(path), written.Data.Sum(d => new FileInfo(d).Length));
    }

    private sealed record WrittenProgram(string Path, string[] Data, long Bytes, string Sha256, IReadOnlyDictionary<string, int> DelegatedNodes, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Reasons);
}
