using System.IO.Compression;
using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Onnx;
using ExecuSharp.Kernels;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>Imports whole models for the sizes of recorded inputs, runs them, and compares.</summary>
public static class OnnxModelRunner
{
    /// <summary>Runs a model of conformance/models on all its recorded sets. Returns what is wrong, or null.</summary>
    public static string? Run(string folder, string file)
    {
        using var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "meta.json")));
        using var io = SafeTensorsFile.Open(Path.Combine(folder, "io.safetensors"));
        var root = meta.RootElement;
        var tolerance = root.GetProperty("tolerance").GetProperty("float");
        double rtol = tolerance.GetProperty("rtol").GetDouble(), atol = tolerance.GetProperty("atol").GetDouble();
        int sets = OnlyFirst(root, file) ? 1 : root.GetProperty("sets").GetInt32();
        byte[] model = File.ReadAllBytes(Path.Combine(folder, file));
        for (int s = 0; s < sets; s++)
        {
            var inputs = Numbered(io, $"in.{s}.");
            var expected = Numbered(io, $"out.{s}.");
            if (Wrong(() => Compare(RunOnce(model, inputs), expected, rtol, atol)) is { } wrong)
                return $"set {s}: {wrong}";
        }
        return null;
    }

    /// <summary>Runs a model once, its inputs in order of the file.</summary>
    public static EValue[] RunOnce(byte[] model, IReadOnlyList<Tensor> inputs)
    {
        var names = InputNames(model);
        return Prepare(model, [.. names.Zip(inputs)])(inputs);
    }

    /// <summary>Runs a model once and gives the outputs by name.</summary>
    public static Dictionary<string, Tensor> RunNamed(byte[] model, IReadOnlyList<Tensor> inputs)
    {
        var outputs = Formats.Onnx.OnnxReader.ReadModel(model).Graph!.Outputs;
        return outputs.Zip(RunOnce(model, inputs)).ToDictionary(p => p.First.Name, p => p.Second.AsTensor());
    }

    /// <summary>Imports a model for examples of its inputs; some of them become constants.</summary>
    public static Func<IReadOnlyList<Tensor>, EValue[]> Prepare(byte[] model, (string Name, Tensor Example)[] inputs, params IReadOnlyList<string> frozen)
    {
        var shapes = new Dictionary<string, IReadOnlyList<long>>();
        var freeze = new Dictionary<string, Tensor>();
        foreach (var (name, example) in inputs)
            if (frozen.Contains(name))
                freeze[name] = example;
            else
                shapes[name] = [.. example.Sizes.ToArray().Select(d => (long)d)];
        var graph = OnnxImporter.Import(model, new OnnxImportOptions { InputShapes = shapes, Freeze = freeze });
        return given => GraphInterpreter.Run(graph, given, KernelContext.SingleThreaded());
    }

    /// <summary>What differs between results and recorded outputs, or null.</summary>
    public static string? Compare(EValue[] results, IReadOnlyList<Tensor> expected, double rtol, double atol)
    {
        if (results.Length != expected.Count)
            return $"{results.Length} outputs, expected {expected.Count}";
        for (int i = 0; i < results.Length; i++)
            if (OnnxValues.Compare(results[i].AsTensor(), expected[i], default, rtol, atol) is { } wrong)
                return $"output {i}: {wrong}";
        return null;
    }

    /// <summary>A failure as text.</summary>
    public static string? Wrong(Func<string?> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (e is UnsupportedModelException or ModelFormatException or ExecuTorchException or ArgumentException)
        {
            return e.Message;
        }
    }

    private static bool OnlyFirst(JsonElement root, string file) => root.TryGetProperty("onnx", out var onnx) && onnx.TryGetProperty(file, out var entry)
        && entry.TryGetProperty("only_first_set", out var only) && only.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);

    private static List<string> InputNames(byte[] model)
    {
        var graph = Formats.Onnx.OnnxReader.ReadModel(model).Graph!;
        var initializers = graph.Initializers.Select(i => i.Name).ToHashSet();
        return [.. graph.Inputs.Select(i => i.Name).Where(n => !initializers.Contains(n))];
    }

    private static List<Tensor> Numbered(SafeTensorsFile io, string prefix)
    {
        var tensors = new List<Tensor>();
        for (int k = 0; io.TryGet(prefix + k, out var stored); k++)
            tensors.Add(stored.ToTensor());
        return tensors;
    }

    /// <summary>An entry of a zip.</summary>
    public static byte[] Entry(string zip, string name)
    {
        using var archive = ZipFile.OpenRead(zip);
        using var stream = archive.GetEntry(name)!.Open();
        var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
