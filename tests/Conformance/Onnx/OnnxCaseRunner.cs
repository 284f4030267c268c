using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Onnx;
using ExecuSharp.Kernels;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>Imports a recorded model for each of its data sets, runs it, and compares.</summary>
public static class OnnxCaseRunner
{
    /// <summary>What is wrong, or null.</summary>
    public static string? Run(OnnxCase c, OnnxArchives files)
    {
        try
        {
            foreach (var set in c.DataSets)
                if (Run(c, set, files) is { } wrong)
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

    private static string? Run(OnnxCase c, OnnxDataSet set, OnnxArchives files)
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
            else if (c.ShapeInputs.Contains(name))
            {
                freeze[name] = tensors[0];
                continue;
            }
            else
                shapes[name] = Sizes(tensors[0]);
            inputs.AddRange(tensors);
        }
        var options = new OnnxImportOptions { InputShapes = shapes, SequenceShapes = sequences, Freeze = freeze, AbsentInputs = absent };
        var graph = OnnxImporter.Import(files.Read(c.Zip, c.Model), options, files.Beside(c.Zip, c.Model), c.Name);
        var results = GraphInterpreter.Run(graph, inputs, KernelContext.SingleThreaded());
        return Compare(c, set, files, results);
    }

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
