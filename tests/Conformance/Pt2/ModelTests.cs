using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Pt2;
using ExecuSharp.Kernels;

namespace ExecuSharp.Tests.Conformance.Pt2;

/// <summary>Every recorded exported program, run after import, gives what PyTorch gave.</summary>
public sealed class ModelTests
{
    [SharedFact]
    public void Every_model_gives_the_eager_outputs()
    {
        var failures = new List<string>();
        int count = 0;
        foreach (string folder in Directory.GetDirectories(SharedFolder.Get("conformance", "models")).Order())
        {
            string file = Path.Combine(folder, "model.pt2");
            if (!File.Exists(file))
                continue;
            count++;
            using var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "meta.json")));
            var tolerance = meta.RootElement.GetProperty("tolerance").GetProperty("float");
            Check(failures, Path.GetFileName(folder), () =>
            {
                using var io = SafeTensorsFile.Open(Path.Combine(folder, "io.safetensors"));
                return Pt2Runs.Check(Pt2Importer.Import(file), io, tolerance.GetProperty("rtol").GetDouble(), tolerance.GetProperty("atol").GetDouble());
            });
        }
        Assert.True(count >= 42, $"{count} models");
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [SharedFact]
    public void Every_quantized_model_gives_the_outputs_of_the_quantized_graph()
    {
        var failures = new List<string>();
        foreach (string file in Directory.GetFiles(SharedFolder.Get("conformance", "models"), "model-int8.pt2", SearchOption.AllDirectories).Order())
        {
            string folder = Path.GetDirectoryName(file)!;
            using var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "meta.json")));
            // The float outputs differ from those of the quantized graph by what was recorded.
            double atol = 2 * meta.RootElement.GetProperty("int8").GetProperty("largest_difference_quantized_graph_to_float").GetDouble();
            Check(failures, Path.GetFileName(folder), () =>
            {
                using var io = SafeTensorsFile.Open(Path.Combine(folder, "io.safetensors"));
                return Pt2Runs.Check(Pt2Importer.Import(file), io, 1e-3, atol);
            });
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [SharedFact]
    public void Programs_of_every_release_give_the_eager_outputs()
    {
        var failures = new List<string>();
        string versions = SharedFolder.Get("conformance", "versions");
        foreach (string file in Directory.GetFiles(Path.Combine(versions, "files"), "program.pt2", SearchOption.AllDirectories).Order())
        {
            string model = Path.GetFileName(Path.GetDirectoryName(file)!);
            Check(failures, Path.GetRelativePath(versions, file), () =>
            {
                using var inputs = SafeTensorsFile.Open(Path.Combine(versions, "inputs", model + ".safetensors"));
                using var outputs = SafeTensorsFile.Open(Path.Combine(Path.GetDirectoryName(file)!, "outputs.safetensors"));
                return Release(Pt2Importer.Import(file), inputs, outputs);
            });
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [SharedFact]
    public void Seizure_networks_give_the_eager_outputs()
    {
        var failures = new List<string>();
        foreach (string file in Directory.GetFiles(SharedFolder.Get("conformance", "seizure"), "model.pt2", SearchOption.AllDirectories).Order())
        {
            using var io = SafeTensorsFile.Open(Path.Combine(Path.GetDirectoryName(file)!, "io.safetensors"));
            Check(failures, file, () => Seizure(Pt2Importer.Import(file), io));
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [SharedFact]
    public void Perception_encoder_towers_give_the_recorded_embeddings()
    {
        var failures = new List<string>();
        foreach (string file in Directory.GetFiles(SharedFolder.Get("conformance", "perception-encoder", "models"), "*.pt2", SearchOption.AllDirectories).Order())
        {
            using var stages = SafeTensorsFile.Open(Path.Combine(Path.GetDirectoryName(file)!, "stages.safetensors"));
            Check(failures, file, () => Tower(Pt2Importer.Import(file), Path.GetFileNameWithoutExtension(file), stages));
        }
        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    internal static string? Release(Graph graph, SafeTensorsFile input, SafeTensorsFile output)
    {
        var run = new GraphInterpreter(graph, KernelContext.SingleThreaded());
        // A quantized program is compared with the quantized graph.
        string kind = output.Names.Any(n => n.StartsWith("reference.", StringComparison.Ordinal)) ? "reference" : "eager";
        for (int set = 0; input.Names.Contains($"{set}.0"); set++)
        {
            var results = run.Run(Pt2Runs.Numbered(input, $"{set}."));
            for (int k = 0; k < results.Length; k++)
                if (output.TryGet($"{kind}.{set}.{k}", out var wanted)
                    && TensorComparison.Compare(results[k].AsTensor(), wanted.ToTensor(), 1e-4, kind == "eager" ? 1e-5 : 2e-2) is { } difference)
                    return $"set {set}, output {k}: {difference}";
        }
        return null;
    }

    internal static string? Seizure(Graph graph, SafeTensorsFile io)
    {
        var spec = graph.Inputs[0].Value.Spec;
        int compared = 0;
        foreach (string name in io.Names.Where(n => n.StartsWith("x_", StringComparison.Ordinal)))
        {
            Tensor all = io.GetTensor(name), wanted = io.GetTensor("y_" + name[2..]);
            int length = all.Sizes[2];
            if (!Allows(spec.Sizes[2], length))
                continue;
            for (int i = 0; i < all.Sizes[0]; i++, compared++)
            {
                var result = GraphInterpreter.Run(graph, [Row(all, i)], KernelContext.SingleThreaded())[0].AsTensor();
                if (TensorComparison.Compare(result, Row(wanted, i), 1e-4, 1e-4) is { } difference)
                    return $"{name} {i}: {difference}";
            }
        }
        return compared > 0 ? null : "no input fits";
    }

    internal static string? Tower(Graph graph, string kind, SafeTensorsFile stages)
    {
        string output = stages.Names.Contains($"{kind}.embedding") ? $"{kind}.embedding" : $"{kind}.features";
        var wanted = stages.GetTensor(output);
        Tensor all = kind == "text" ? stages.GetTensor("ids") : Normalized(stages.GetTensor("image_u8"));
        int batch = (int)graph.Inputs[0].Value.Spec.Sizes[0].Value;
        for (int i = 0; i < all.Sizes[0]; i += batch)
        {
            var result = GraphInterpreter.Run(graph, [Rows(all, i, batch)], KernelContext.SingleThreaded())[0].AsTensor();
            if (TensorComparison.Compare(result, Rows(wanted, i, batch), 1e-4, 1e-4) is { } difference)
                return $"{output} {i}: {difference}";
        }
        return null;
    }

    private static bool Allows(Dim size, int value) => size.IsStatic ? size.Value == value
        : size.Expression is SymExpr.Symbol symbol ? value >= symbol.Min && value <= symbol.Max : value <= size.Value;

    private static Tensor Row(Tensor t, int index) => Rows(t, index, 1);

    private static Tensor Rows(Tensor t, int start, int count)
    {
        int bytes = (int)(t.ByteLength / t.Sizes[0]);
        return new Tensor(t.Type, [count, .. t.Sizes[1..]], t.Bytes.Slice(start * bytes, count * bytes).ToArray());
    }

    private static Tensor Normalized(Tensor image)
    {
        var result = Tensor.Empty(ScalarType.Float, image.Sizes);
        for (int i = 0; i < result.Numel; i++)
            result.Span<float>()[i] = ((image.Span<byte>()[i] / 255f) - 0.5f) / 0.5f;
        return result;
    }

    internal static void Check(List<string> failures, string name, Func<string?> run)
    {
        try
        {
            if (run() is { } difference)
                failures.Add($"{name}: {difference}");
        }
        catch (Exception e) when (e is UnsupportedModelException or ModelFormatException or ExecuTorchException or InvalidOperationException)
        {
            failures.Add($"{name}: {e.Message}");
        }
    }
}
