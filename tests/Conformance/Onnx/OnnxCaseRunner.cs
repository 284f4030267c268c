using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Onnx;
using ExecuSharp.Kernels;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>Imports a recorded model for each of its data sets, runs it, and compares.</summary>
public static class OnnxCaseRunner
{
    /// <summary>Executes a graph through the kernels, without a program file.</summary>
    public static EValue[] Interpret(Graph graph, IReadOnlyList<Tensor> inputs) => GraphInterpreter.Run(graph, inputs, KernelContext.SingleThreaded());

    /// <summary>What is wrong, or null.</summary>
    /// <param name="c">The case.</param>
    /// <param name="files">The recorded files.</param>
    /// <param name="execute">Executes the imported graph; <see cref="Interpret"/> if null.</param>
    public static string? Run(OnnxCase c, OnnxArchives files, Func<Graph, IReadOnlyList<Tensor>, EValue[]>? execute = null)
    {
        execute ??= Interpret;
        try
        {
            foreach (var set in c.DataSets)
                if (Run(c, set, files, execute) is { } wrong)
                    return wrong;
            return null;
        }
        catch (UnsupportedModelException e)
        {
            return "unsupported: " + string.Join("; ", e.Items.Select(i => $"{i.What}: {i.Why}").Distinct());
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}" + (e is ModelFormatException or ExecuTorchException or ArgumentException ? "" : e.StackTrace);
        }
    }

    /// <summary>Imports a model once with its open sizes left open, and runs all data sets. What is wrong, or null.</summary>
    public static string? RunDynamic(OnnxCase c, OnnxArchives files, long largest) => OnnxModelRunner.Wrong(() =>
    {
        byte[] model = files.Read(c.Zip, c.Model);
        var open = new Dictionary<(string, int), (long, long)>();
        foreach (var input in OnnxReader.ReadModel(model).Graph!.Inputs)
            for (int d = 0; d < (input.Type?.Shape?.Count ?? 0); d++)
                if (input.Type!.Shape![d].Value is null)
                    open[(input.Name, d)] = (1, largest);
        var graph = OnnxImporter.Import(model, new OnnxImportOptions { Dynamic = open }, files.Beside(c.Zip, c.Model), c.Name);
        foreach (var set in c.DataSets)
        {
            var inputs = c.Inputs.Select((input, i) => OnnxValues.Read(files.Read(c.Zip, set.Inputs[i]!), input.Type, out _)![0]).ToList();
            if (Compare(c, set, files, GraphInterpreter.Run(graph, inputs, KernelContext.SingleThreaded())) is { } wrong)
                return wrong;
        }
        return null;
    });

    private static string? Run(OnnxCase c, OnnxDataSet set, OnnxArchives files, Func<Graph, IReadOnlyList<Tensor>, EValue[]> execute)
    {
        try
        {
            return Run(c, set, files, execute, freezeMore: false);
        }
        catch (UnsupportedModelException e) when (e.Items.Any(i => i.Why.Contains("freeze the input", StringComparison.Ordinal)))
        {
            return Run(c, set, files, execute, freezeMore: true);
        }
    }

    /// <param name="c">The case.</param>
    /// <param name="set">The data set.</param>
    /// <param name="files">The recorded files.</param>
    /// <param name="execute">Executes the graph.</param>
    /// <param name="freezeMore">Do what the importer's message asks for: the index does not list every input that decides a shape.</param>
    private static string? Run(OnnxCase c, OnnxDataSet set, OnnxArchives files, Func<Graph, IReadOnlyList<Tensor>, EValue[]> execute, bool freezeMore)
    {
        var shapes = new Dictionary<string, IReadOnlyList<long>>();
        var sequences = new Dictionary<string, IReadOnlyList<IReadOnlyList<long>>>();
        var freeze = new Dictionary<string, Tensor>();
        var absent = new HashSet<string>();
        var inputs = new List<Tensor>();
        for (int i = 0; i < c.Inputs.Length; i++)
        {
            var (name, type) = c.Inputs[i];
            var tensors = set.Inputs[i] is { } path ? OnnxValues.Read(files.Read(c.Zip, path), type, out _) : null;
            if (tensors is null)
            {
                absent.Add(name);
                continue;
            }
            if (type.Contains("seq("))
                sequences[name] = [.. tensors.Select(Sizes)];
            else if (c.ShapeInputs.Contains(name) || (freezeMore && DecidesShapes(type, tensors[0])))
            {
                freeze[name] = tensors[0];
                continue;
            }
            else if (IsOpen(type))
                shapes[name] = Sizes(tensors[0]);
            inputs.AddRange(tensors);
        }
        var options = new OnnxImportOptions { InputShapes = shapes, SequenceShapes = sequences, Freeze = freeze, AbsentInputs = absent };
        var graph = OnnxImporter.Import(files.Read(c.Zip, c.Model), options, files.Beside(c.Zip, c.Model), c.Name);
        return Compare(c, set, files, execute(graph, inputs));
    }

    private static bool DecidesShapes(string type, Tensor t) => t.Numel <= 8 && (type.StartsWith("int", StringComparison.Ordinal) || type.StartsWith("bool", StringComparison.Ordinal) || t.Rank == 0);

    // A size that is no number: the model leaves it open.
    private static bool IsOpen(string type) => !type.Contains('[') || type[(type.LastIndexOf('[') + 1)..].Any(ch => char.IsLetter(ch) || ch is '?' or '_');

    private static IReadOnlyList<long> Sizes(Tensor t) => [.. t.Sizes.ToArray().Select(s => (long)s)];

    private static string? Compare(OnnxCase c, OnnxDataSet set, OnnxArchives files, EValue[] results)
    {
        int next = 0;
        for (int i = 0; i < c.Outputs.Length; i++)
        {
            if (set.Outputs[i] is not { } path)
                continue;
            var expected = OnnxValues.Read(files.Read(c.Zip, path), c.Outputs[i].Type, out var element);
            foreach (var tensor in expected ?? [])
            {
                if (next >= results.Length)
                    return $"{results.Length} outputs";
                if (OnnxValues.Compare(results[next++].AsTensor(), tensor, element, c.Rtol, c.Atol) is { } wrong)
                    return $"output {c.Outputs[i].Name}: {wrong}";
            }
        }
        return next == results.Length ? null : $"{results.Length} outputs, expected {next}";
    }
}
