using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Import.TorchScript;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Tests.Conformance.TorchScript;

/// <summary>The packed files against their eager outputs.</summary>
public class PackedTests
{
    private static readonly Dictionary<string, byte[]> Files = Load();

    public static TheoryData<string, string> Models()
    {
        var data = new TheoryData<string, string>();
        foreach (var model in Description().EnumerateObject())
            foreach (var file in model.Value.GetProperty("files").EnumerateArray())
                data.Add(model.Name, file.GetString()!);
        return data;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void ModelGivesTheEagerOutputs(string model, string file)
    {
        var facts = Description().GetProperty(model);
        bool firstOnly = facts.GetProperty("only_first_set").GetBoolean() && file != "scripted.pt";
        var sets = TorchScriptRun.Sets(TorchScriptRun.Tensors(Files[$"models/{model}/io.safetensors"]), firstOnly ? 1 : facts.GetProperty("sets").GetInt32());
        var scalars = facts.GetProperty("scalars").EnumerateObject().ToDictionary(p => p.Name, p => Scalar(p.Value));
        Assert.Null(TorchScriptRun.Check(Files[$"models/{model}/{file}"], sets, facts.GetProperty("atol").GetDouble(), facts.GetProperty("rtol").GetDouble(),
            facts.GetProperty("stateful").GetBoolean(), scalars));
    }

    public static TheoryData<string> Letters() => [.. Files.Keys.Where(k => k.StartsWith("aten/")).Select(k => k[5..6].ToLowerInvariant()).Distinct().Order()];

    [Theory]
    [MemberData(nameof(Letters))]
    public void OperatorsGiveTheEagerOutputs(string letter)
    {
        var problems = new List<string>();
        foreach (string name in Files.Keys.Where(k => k.StartsWith("aten/") && k[5..6].ToLowerInvariant() == letter && !k.EndsWith(".safetensors")))
        {
            var io = TorchScriptRun.Tensors(Files[Path.ChangeExtension(name, ".safetensors")]);
            if (TorchScriptRun.Check(Files[name], TorchScriptRun.Sets(io, 1), 1e-4, 1e-3) is { } problem)
                problems.Add($"{name}: {problem}");
        }
        Assert.True(problems.Count == 0, string.Join("\n", problems));
    }

    public static TheoryData<string> Archives() => [.. Files.Keys.Where(k => k.StartsWith("archives/") && (k.EndsWith(".pt") || k.EndsWith(".ptl"))).Order()];

    [Theory]
    [MemberData(nameof(Archives))]
    public void FilesOfOldReleasesGiveTheOutputs(string name)
    {
        var io = TorchScriptRun.Tensors(Files[$"archives/{(name.Contains("trace") ? "trace" : "script")}.expected.safetensors"]);
        TorchScriptRun.Set[] sets = [.. Enumerable.Range(0, 2).Select(i => new TorchScriptRun.Set([io[$"{i}.input"]], [io[$"{i}.output"]]))];
        Assert.Null(TorchScriptRun.Check(Files[name], sets, 1e-5, 1e-4));
    }

    [Fact]
    public void TracedFileKnowsItsInputShapes() =>
        Assert.Equal("Float[2, 16]", TorchScriptImporter.Import(Files["models/mlp/traced.pt"]).Inputs.Single().Value.Spec.ToString());

    [Fact]
    public void FirstLinearLayerDeterminesTheInputShape()
    {
        Assert.Equal("Float[1, 16]", TorchScriptImporter.Import(Files["models/mlp/scripted.pt"]).Inputs.Single().Value.Spec.ToString());
        Assert.Equal("Float[1, 16]", TorchScriptImporter.Import(Files["models/mlp/model-opt.ptl"]).Inputs.Single().Value.Spec.ToString());
    }

    [Fact]
    public void UnknownInputShapeIsAskedFor()
    {
        var error = Assert.Throws<UnsupportedModelException>(() => TorchScriptImporter.Import(Files["models/lenet/model-opt.ptl"]));
        Assert.Contains("--input-shape", error.Message);
        Assert.Contains("[1, 1, ?, ?]", error.Message);
    }

    [Fact]
    public void MissingNumberIsNamed()
    {
        var error = Assert.Throws<UnsupportedModelException>(() => TorchScriptImporter.Import(Files["models/scalar_inputs/scripted.pt"],
            new TorchScriptImportOptions { InputShapes = [new TensorSpec(ScalarType.Float, 2, 5), new TensorSpec(ScalarType.Bool, 2, 5)] }));
        Assert.Contains("input k", error.Message);
    }

    [Fact]
    public void FlatBufferFormIsNamed() =>
        Assert.Contains("flatbuffer", Assert.Throws<ModelFormatException>(() => TorchScriptImporter.Import(Files["archives/jit_flatbuffer.ff"])).Message);

    [Fact]
    public void BrokenFilesGiveFormatErrors()
    {
        var random = new Random(20261121);
        int refused = 0, tried = 0;
        foreach (string name in new[] { "models/mlp/scripted.pt", "models/mlp/model-opt.ptl", "archives/torch1.4.0_script.pt", "models/lstm/model.ptl" })
        {
            for (int i = 0; i < 60; i++, tried++)
            {
                byte[] bytes = i % 3 == 0 ? Files[name][..random.Next(Files[name].Length)] : [.. Files[name]];
                for (int k = 0; k < 8 && bytes.Length > 0; k++)
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                try
                {
                    TorchScriptImporter.Import(bytes);
                }
                catch (ModelFormatException)
                {
                    refused++;
                }
                catch (UnsupportedModelException)
                {
                    // the change may have hit the text of the program
                }
            }
        }
        Assert.True(refused > tried / 3, $"{refused} of {tried} refused");
    }

    private static Argument Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => value.TryGetInt64(out long integer) ? integer : value.GetDouble(),
    };

    private static JsonElement Description() => JsonDocument.Parse(Files["models.json"]).RootElement;

    private static Dictionary<string, byte[]> Load()
    {
        using var zip = Corpus.Open("torchscript.zip");
        return zip.Entries.ToDictionary(e => e.FullName, e => Corpus.Read(zip, e.FullName));
    }
}
