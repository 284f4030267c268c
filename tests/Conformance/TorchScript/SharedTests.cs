using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Import.TorchScript;
using ExecuSharp.Operators.Ir;
using Xunit.Abstractions;

namespace ExecuSharp.Tests.Conformance.TorchScript;

/// <summary>The full recorded sets.</summary>
public class SharedTests(ITestOutputHelper log)
{
    [SharedFact]
    public void ModelsGiveTheEagerOutputs()
    {
        var problems = new List<string>();
        int count = 0;
        foreach (string folder in Directory.GetDirectories(SharedFolder.Get("conformance", "models")).Where(d => File.Exists(Path.Combine(d, "meta.json"))))
        {
            var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "meta.json"))).RootElement;
            var tolerance = meta.GetProperty("tolerance").GetProperty("float");
            var io = TorchScriptRun.Tensors(File.ReadAllBytes(Path.Combine(folder, "io.safetensors")));
            bool firstOnly = meta.GetRawText().Contains("only_first_set");
            foreach (string name in new[] { "scripted.pt", "traced.pt", "model.ptl", "model-opt.ptl" })
            {
                string path = Path.Combine(folder, name);
                if (!File.Exists(path))
                    continue;
                count++;
                var sets = TorchScriptRun.Sets(io, firstOnly && name != "scripted.pt" ? 1 : meta.GetProperty("sets").GetInt32());
                if (TorchScriptRun.Check(File.ReadAllBytes(path), sets, tolerance.GetProperty("atol").GetDouble(), tolerance.GetProperty("rtol").GetDouble(),
                    meta.GetProperty("stateful").GetBoolean(), Scalars(meta)) is { } problem)
                    problems.Add($"{path}: {problem}");
            }
        }
        Assert.True(count >= 130 && problems.Count == 0, $"{count} files\n{string.Join("\n", problems)}");
    }

    [SharedTheory]
    [InlineData(null)]
    [InlineData(CompileBackend.Portable)]
    [InlineData(CompileBackend.Xnnpack)]
    public void OperatorsGiveTheEagerOutputs(CompileBackend? backend)
    {
        var problems = new ConcurrentBag<string>();
        int count = 0;
        Parallel.ForEach(Directory.GetFiles(SharedFolder.Get("conformance", "aten"), "*.zip"), path =>
        {
            using var zip = ZipFile.OpenRead(path);
            foreach (var entry in zip.Entries.Where(e => e.FullName.EndsWith(".pt") || e.FullName.EndsWith(".ptl")))
            {
                Interlocked.Increment(ref count);
                var io = TorchScriptRun.Tensors(Corpus.Read(zip, Path.ChangeExtension(entry.FullName, ".safetensors")));
                if (TorchScriptRun.Check(Corpus.Read(zip, entry.FullName), TorchScriptRun.Sets(io, 1), 1e-4, 1e-3, backend: backend) is { } problem)
                    problems.Add($"{entry.FullName}: {problem}");
            }
        });
        log.WriteLine($"{count - problems.Count} of {count}\n{string.Join("\n", problems)}");
        Assert.True(count >= 1210 && problems.Count <= count / 100, $"{problems.Count} of {count}\n{string.Join("\n", problems)}");
    }

    [SharedFact]
    public void SeizureNetworksGiveTheEagerOutputs()
    {
        var problems = new List<string>();
        int count = 0;
        foreach (string folder in Directory.GetDirectories(SharedFolder.Get("conformance", "seizure")).Where(d => File.Exists(Path.Combine(d, "io.safetensors"))))
        {
            var io = TorchScriptRun.Tensors(File.ReadAllBytes(Path.Combine(folder, "io.safetensors")));
            foreach (string path in Directory.GetFiles(folder).Where(f => f.EndsWith(".ptl") || Path.GetFileName(f) is "scripted.pt" or "traced.pt"))
                foreach (string key in io.Keys.Where(k => k.StartsWith("x_") && io.ContainsKey("y" + k[1..])))
                {
                    count++;
                    var (x, y) = (io[key], io["y" + key[1..]]);
                    TorchScriptRun.Set[] sets = [.. Enumerable.Range(0, x.Sizes[0]).Select(i => new TorchScriptRun.Set([Row(x, i)], [Row(y, i)]))];
                    double largest = Math.Max(1, y.Span<float>().ToArray().Max(Math.Abs));
                    if (TorchScriptRun.Check(File.ReadAllBytes(path), sets, 1e-4 * largest, 0) is { } problem)
                        problems.Add($"{path} {key}: {problem}");
                }
        }
        Assert.True(count >= 16 && problems.Count == 0, $"{count} cases\n{string.Join("\n", problems)}");
    }

    [SharedFact]
    public void FilesOfAllReleasesGiveTheEagerOutputs()
    {
        var problems = new List<string>();
        int count = 0;
        foreach (string folder in Directory.GetDirectories(SharedFolder.Get("conformance", "versions", "files")).SelectMany(Directory.GetDirectories))
        {
            string inputs = SharedFolder.Get("conformance", "versions", "inputs", Path.GetFileName(folder) + ".safetensors");
            if (!File.Exists(inputs) || !File.Exists(Path.Combine(folder, "outputs.safetensors")))
                continue;
            var (x, y) = (TorchScriptRun.Tensors(File.ReadAllBytes(inputs)), TorchScriptRun.Tensors(File.ReadAllBytes(Path.Combine(folder, "outputs.safetensors"))));
            foreach (string path in new[] { "script.pt", "lite.ptl" }.Select(f => Path.Combine(folder, f)).Where(File.Exists))
            {
                count++;
                TorchScriptRun.Set[] sets = [.. Enumerable.Range(0, 100).TakeWhile(c => x.ContainsKey($"{c}.0"))
                    .Select(c => new TorchScriptRun.Set(TorchScriptRun.Part(x, $"{c}."), TorchScriptRun.Part(y, $"eager.{c}.")))];
                if (TorchScriptRun.Check(File.ReadAllBytes(path), sets, 1e-5, 1e-4, stateful: folder.EndsWith("counter")) is { } problem)
                    problems.Add($"{path}: {problem}");
            }
        }
        Assert.True(count >= 140 && problems.Count == 0, $"{count} files\n{string.Join("\n", problems)}");
    }

    [SharedFact]
    public void PerceptionEncoderGivesTheRecordedStages()
    {
        string folder = SharedFolder.Get("conformance", "perception-encoder", "models", "core_t");
        var stages = TorchScriptRun.Tensors(File.ReadAllBytes(Path.Combine(folder, "stages.safetensors")));
        TorchScriptRun.Set[] pictures = [.. Enumerable.Range(0, stages["image_u8"].Sizes[0])
            .Select(i => new TorchScriptRun.Set([Models.ModelData.Image(Row(stages["image_u8"], i))], [Row(stages["vision.embedding"], i)]))];
        Assert.Null(TorchScriptRun.Check(File.ReadAllBytes(Path.Combine(folder, "vision_torchscript.pt")), pictures, 1e-4, 1e-4));
        Assert.Null(TorchScriptRun.Check(File.ReadAllBytes(Path.Combine(folder, "text_torchscript.pt")),
            [new TorchScriptRun.Set([stages["ids"]], [stages["text.embedding"]])], 1e-4, 1e-4));
    }

    private static Tensor Row(Tensor tensor, int index)
    {
        int bytes = (int)(tensor.ByteLength / tensor.Sizes[0]);
        return new Tensor(tensor.Type, [1, .. tensor.Sizes[1..]], tensor.Storage.Slice(index * bytes, bytes));
    }

    private static Dictionary<string, Argument> Scalars(JsonElement meta)
    {
        var scalars = new Dictionary<string, Argument>();
        int index = 0;
        foreach (var input in meta.GetProperty("inputs").EnumerateArray())
        {
            string name = meta.GetProperty("arguments")[Math.Min(index++, meta.GetProperty("arguments").GetArrayLength() - 1)].GetString()!;
            var first = input.GetProperty("shapes")[0];
            if (first.ValueKind != JsonValueKind.Array)
                scalars[name] = first.ValueKind switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    _ => first.TryGetInt64(out long integer) ? integer : first.GetDouble(),
                };
        }
        return scalars;
    }
}
