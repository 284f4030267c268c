using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Formats.TorchArchive;

namespace ExecuSharp.Tests.Conformance.Archives;

public class CheckpointFormTests
{
    [Fact]
    public void EveryCheckpointFormHasTheRecordedTensors()
    {
        const string folder = "models/checkpoint_forms/";
        using var index = JsonDocument.Parse(ArchiveCases.Read(folder + "index.json"));
        int cases = 0;
        foreach (var item in index.RootElement.EnumerateObject())
        {
            using var checkpoint = TorchCheckpoint.Load(ArchiveCases.Read(folder + item.Name));
            using var contents = SafeTensorsFile.Parse(ArchiveCases.Read(folder + item.Value.GetProperty("contents").GetString()));
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

    [Fact]
    public void TrainingCheckpointsGiveTheirConfiguration()
    {
        const string folder = "models/checkpoint_forms/";
        foreach (string name in (string[])["training.pt", "training-protocol4.pt", "training-protocol5.pt", "training-legacy.tar"])
        {
            using var checkpoint = TorchCheckpoint.Load(ArchiveCases.Read(folder + name));
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

    [Fact]
    public void EveryArchiveVariationIsReadOrRefusedByName()
    {
        const string folder = "versions/archives/";
        using var index = JsonDocument.Parse(ArchiveCases.Read("versions/archives.json"));
        int compared = 0, refused = 0, scripts = 0;
        foreach (var item in index.RootElement.EnumerateObject())
        {
            string path = folder + item.Name;
            string? content = item.Value.TryGetProperty("content", out var c) ? c.GetString() : null;
            if (!ArchiveCases.Has(path))
                continue;
            switch (content)
            {
                case null:
                    Assert.Contains("eval", Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(ArchiveCases.Read(path))).Found);
                    refused++;
                    break;
                case "script" or "trace" when item.Name.EndsWith(".ff"):
                    Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(ArchiveCases.Read(path)));
                    refused++;
                    break;
                case "script" or "trace":
                    using (var archive = TorchZipArchive.Open(new ByteSource(ArchiveCases.Read(path))))
                    {
                        Assert.IsType<PickleObject>(archive.ReadPickle("data.pkl", "data/"));
                        archive.ReadPickle("constants.pkl", "constants/");
                        if (archive.Has("bytecode.pkl"))
                            Assert.IsType<PickleTuple>(archive.ReadPickle("bytecode.pkl", "data/"));
                    }
                    scripts++;
                    break;
                default:
                    Compare(path, folder + content + ".expected.safetensors", content);
                    compared++;
                    break;
            }
        }
        Assert.Equal((25, 2, 13), (compared, refused, scripts));
    }

    [Fact]
    public void WholeModuleIsRefusedByNameWhenStrict()
    {
        byte[] bytes = ArchiveCases.Read("versions/archives/whole_module.pt");
        var e = Assert.Throws<ModelFormatException>(() => TorchCheckpoint.Load(bytes, new TorchLoadOptions { Strict = true }));
        Assert.Contains("torch.nn.modules.linear.Linear", e.Found);
    }

    private static void Compare(string path, string expectedPath, string content)
    {
        using var checkpoint = TorchCheckpoint.Load(ArchiveCases.Read(path));
        using var expected = SafeTensorsFile.Parse(ArchiveCases.Read(expectedPath));
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
