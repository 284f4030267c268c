using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Formats.TorchArchive;

namespace ExecuSharp.Tests.Conformance.Archives;

public class CheckpointTests
{
    [SharedFact]
    public void EveryCheckpointFormHasTheRecordedTensors()
    {
        string folder = SharedFolder.Get("conformance", "models", "checkpoint_forms");
        using var index = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")));
        int cases = 0;
        foreach (var item in index.RootElement.EnumerateObject())
        {
            using var checkpoint = TorchCheckpoint.Load(Path.Combine(folder, item.Name));
            using var contents = SafeTensorsFile.Open(Path.Combine(folder, item.Value.GetProperty("contents").GetString()!));
            var state = checkpoint.StateDict();
            if (item.Name == "list.pt")
            {
                CheckpointAssert.Equal(item.Name, contents["fc.weight"], state["0"]);
                CheckpointAssert.Equal(item.Name, contents["fc.bias"], state["1.0"]);
                CheckpointAssert.Equal(item.Name, contents["conv.bias"], state["2.x"]);
                Assert.Equal(5, checkpoint.Root.AsSequence![1].AsSequence![1].AsInt);
            }
            else if (item.Name == "parameter.pt")
            {
                CheckpointAssert.Equal(item.Name, contents["fc.weight"], state[""]);
                Assert.True(((PickleTensor)checkpoint.Root).IsParameter);
            }
            else
            {
                CheckpointAssert.Equal(contents, n => state.TryGet(n, out var t) ? t : null);
            }
            CheckDescription(item.Name, item.Value, state);
            cases++;
        }
        Assert.Equal(15, cases);
    }

    [SharedFact]
    public void TrainingCheckpointsGiveTheirConfiguration()
    {
        string folder = SharedFolder.Get("conformance", "models", "checkpoint_forms");
        foreach (string name in (string[])["training.pt", "training-protocol4.pt", "training-protocol5.pt", "training-legacy.tar"])
        {
            using var checkpoint = TorchCheckpoint.Load(Path.Combine(folder, name));
            Assert.Equal(7, checkpoint.Find("epoch")!.AsInt);
            Assert.Equal(0.8125, checkpoint.Find("best_score")!.AsDouble);
            Assert.Equal("""["cat","dog","b\u00E4r"]""", PickleJson.ToNode(checkpoint.Find("classes")!)!.ToJsonString());
            Assert.Equal("""{"width":4,"depth":null,"amp":false,"nested":{"a":[1,2.5,"x"],"3":"integer key"}}""", PickleJson.ToNode(checkpoint.Find("config")!)!.ToJsonString());
            Assert.Equal("\"cpu\"", PickleJson.ToNode(checkpoint.Find("device")!)!.ToJsonString());
            Assert.Equal("torch.float32", checkpoint.Find("dtype")!.ToString());
            Assert.Equal([2, 3], checkpoint.Find("size")!.AsSequence!.Select(s => s.AsInt!.Value));
            Assert.Equal("model", checkpoint.StateDict().Path);
        }
    }

    [SharedFact]
    public void EveryArchiveVariationIsReadOrRefusedByName()
    {
        string folder = SharedFolder.Get("conformance", "versions", "archives");
        using var index = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Get("conformance", "versions", "archives.json")));
        int compared = 0, refused = 0, scripts = 0;
        foreach (var item in index.RootElement.EnumerateObject())
        {
            string path = Path.Combine(folder, item.Name);
            string? content = item.Value.TryGetProperty("content", out var c) ? c.GetString() : null;
            if (!File.Exists(path))
                continue;
            switch (content)
            {
                case null:
                    Assert.Contains("eval", Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(path)).Found);
                    refused++;
                    break;
                case "script" or "trace" when item.Name.EndsWith(".ff"):
                    Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(path));
                    refused++;
                    break;
                case "script" or "trace":
                    using (var archive = TorchZipArchive.Open(path))
                    {
                        Assert.IsType<PickleObject>(archive.ReadPickle("data.pkl", "data/"));
                        archive.ReadPickle("constants.pkl", "constants/");
                        if (archive.Has("bytecode.pkl"))
                            Assert.IsType<PickleTuple>(archive.ReadPickle("bytecode.pkl", "data/"));
                    }
                    scripts++;
                    break;
                default:
                    Compare(path, Path.Combine(folder, content + ".expected.safetensors"), content);
                    compared++;
                    break;
            }
        }
        Assert.Equal((25, 2, 13), (compared, refused, scripts));
    }

    [SharedFact]
    public void WholeModuleIsRefusedByNameWhenStrict()
    {
        string path = SharedFolder.Get("conformance", "versions", "archives", "whole_module.pt");
        var e = Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(path, new TorchLoadOptions { Strict = true }));
        Assert.Contains("torch.nn.modules.linear.Linear", e.Found);
    }

    [SharedFact]
    public void SeizureCheckpointsAreReadOrRefused()
    {
        using var index = JsonDocument.Parse(File.ReadAllBytes(SharedFolder.Get("conformance", "seizure", "index.json")));
        int read = 0, refused = 0;
        foreach (var item in index.RootElement.EnumerateArray().Where(i => i.GetProperty("kind").GetString() == "checkpoint"))
        {
            string path = SharedFolder.Get("conformance", "seizure", item.GetProperty("case").GetString()!);
            string name = Path.GetFileName(path);
            if (name is "calls-a-function.pt" or "truncated.pt")
            {
                var e = Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(path));
                Assert.Equal(name == "calls-a-function.pt", e.Found.Contains("os.getenv"));
                refused++;
                continue;
            }
            using var checkpoint = TorchCheckpoint.Load(path);
            var state = checkpoint.StateDict();
            Assert.Equal("", state.Prefix.Replace("module.", ""));
            long parameters = state.Where(t => !t.Key.Contains("running_") && !t.Key.Contains("num_batches")).Sum(t => t.Value.Numel);
            if (item.TryGetProperty("parameters", out var wanted) && name is not ("missing-key.pt" or "extra-key.pt"))
                Assert.Equal(wanted.GetInt64(), parameters);
            foreach (var (_, tensor) in state)
                Assert.Equal(tensor.ByteLength, tensor.Bytes().Length);
            read++;
        }
        Assert.Equal((19, 2), (read, refused));
    }

    [SharedFact]
    public void AllFormsOfTheSeizureNetworkHoldTheSameTensors()
    {
        string folder = SharedFolder.Get("conformance", "seizure", "deepepi-narrow");
        using var plain = TorchCheckpoint.Load(Path.Combine(folder, "state-dict.pt"));
        var expected = plain.StateDict();
        foreach (string name in (string[])["state-dict-legacy.pt", "checkpoint-legacy.pt", "checkpoint-adamw.pt", "numpy1-scalars.pt", "data-parallel.pt", "transposed-strides.pt", "whole-module.pt"])
        {
            using var other = TorchCheckpoint.Load(Path.Combine(folder, name));
            var state = other.StateDict();
            Assert.Equal(expected.Count, state.Count);
            foreach (var (key, tensor) in expected)
                CheckpointAssert.Equal($"{name} {key}", tensor, state[key]);
        }
        using var adamw = TorchCheckpoint.Load(Path.Combine(folder, "checkpoint-adamw.pt"));
        string json = PickleJson.ToNode(adamw.Root)!.ToJsonString();
        Assert.Contains("\"state\":{\"0\":{", json);
    }

    [SharedFact]
    public void EveryStateDictOfTheModelsEqualsItsSafetensors()
    {
        int read = 0, compared = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Get("conformance", "models"), "state_dict.pt", SearchOption.AllDirectories))
        {
            using var checkpoint = TorchCheckpoint.Load(path);
            var state = checkpoint.StateDict();
            read++;
            string other = Path.ChangeExtension(path, ".safetensors");
            if (!File.Exists(other))
                continue;
            using var expected = SafeTensorsFile.Open(other);
            CheckpointAssert.Equal(expected, n => state.TryGet(n, out var t) ? t : null);
            Assert.Equal(expected.Names.Count, state.Count);
            compared++;
        }
        Assert.True(read >= 30 && compared >= 15, $"{read} read, {compared} compared");
    }

    [SharedFact]
    public void DemoAndPerceptionEncoderCheckpointsAreRead()
    {
        using (var demo = TorchCheckpoint.Load(SharedFolder.Get("conformance", "demo", "PE-Demo-T8-64.pt")))
        {
            var state = demo.StateDict();
            Assert.True(state.TryGet("visual.conv1.weight", out var conv) && conv.Shape.Length == 4);
            Assert.True(state.TryGet("logit_scale", out _));
        }
        int files = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Get("conformance", "perception-encoder"), "*.pt", SearchOption.AllDirectories))
        {
            using var checkpoint = TorchCheckpoint.Load(path);
            Assert.NotEmpty(checkpoint.StateDict());
            files++;
        }
        Assert.True(files > 5, $"{files} files");
    }

    [SharedFact]
    public void EverySafetensorsFileIsReadAndRewrittenToTheSameContent()
    {
        int files = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Get("conformance"), "*.safetensors", SearchOption.AllDirectories))
        {
            using var file = SafeTensorsFile.Open(path);
            files++;
            if (files % 10 != 0)
                continue;
            var copy = new MemoryStream();
            SafeTensorsWriter.Write(copy, file.Names.Select(n => KeyValuePair.Create(n, file.GetTensor(n))), file.Metadata);
            using var again = SafeTensorsFile.Parse(copy.ToArray());
            Assert.Equal(file.Names, again.Names);
            Assert.Equal(file.Metadata, again.Metadata);
            CheckpointAssert.Equal(file, n => again[n]);
        }
        Assert.True(files > 300, $"{files} files");
    }

    private static void Compare(string path, string expectedPath, string content)
    {
        using var checkpoint = TorchCheckpoint.Load(path);
        using var expected = SafeTensorsFile.Open(expectedPath);
        if (content == "quantized")
        {
            foreach (string name in (string[])["q", "qc"])
            {
                var tensor = ((PickleTensor)checkpoint.Find(name)!).Tensor;
                CheckpointAssert.Equal(name, expected[name + ".int_repr"], tensor);
                Assert.True(Dequantized(tensor).AsSpan().SequenceEqual(expected.GetTensor(name + ".dequantized").Span<float>()));
            }
            return;
        }
        var all = content == "module" ? checkpoint.StateDict().ToDictionary() : CheckpointAssert.Flatten(checkpoint.Root);
        // PyTorch 1.4 could not save complex numbers
        bool old = Path.GetFileName(path).StartsWith("torch1.4");
        CheckpointAssert.Equal(expected, n => all.GetValueOrDefault(n) ?? (old && n == "c64" ? expected[n] : null));
    }

    private static float[] Dequantized(ExecuSharp.Formats.Storage.StoredTensor tensor)
    {
        var q = tensor.Quantizer!;
        var bytes = tensor.Bytes().Span;
        var result = new float[tensor.Numel];
        long inner = 1;
        for (int d = (q.Axis ?? -1) + 1; d < tensor.Shape.Length; d++)
            inner *= tensor.Shape[d];
        for (int i = 0; i < result.Length; i++)
        {
            int channel = q.Axis is { } axis ? (int)(i / inner % tensor.Shape[axis]) : 0;
            int value = tensor.Type == ScalarType.QInt8 ? (sbyte)bytes[i] : bytes[i];
            result[i] = (float)(value - q.ZeroPoints[channel]) * (float)q.Scales[channel];
        }
        return result;
    }

    private static void CheckDescription(string file, JsonElement described, StateDict state)
    {
        string prefix = described.TryGetProperty("prefix", out var p) ? p.GetString()! : "";
        foreach (var tensor in described.GetProperty("tensors").EnumerateObject())
        {
            var got = state[tensor.Name[prefix.Length..]];
            string where = $"{file} {tensor.Name}";
            Assert.Equal(tensor.Value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt64()), got.Shape.ToArray());
            if (tensor.Value.TryGetProperty("stride", out var stride))
                Assert.True(stride.EnumerateArray().Select(s => s.GetInt64()).SequenceEqual(got.Strides.ToArray()), where);
            if (tensor.Value.TryGetProperty("storage_offset", out var offset))
                Assert.Equal(offset.GetInt64(), got.StorageOffset);
            if (tensor.Value.TryGetProperty("requires_grad", out var grad))
                Assert.True(grad.GetBoolean() == got.RequiresGrad, where);
            if (tensor.Value.TryGetProperty("quantizer", out var quantizer) && quantizer.GetProperty("scale") is { ValueKind: JsonValueKind.Number } scale)
                Assert.Equal(scale.GetDouble(), got.Quantizer!.Scales[0], 12);
        }
    }
}
