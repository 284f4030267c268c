using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Formats.TorchArchive;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Tests.Conformance.Archives;

public class CheckpointTests
{
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

    [SharedFact]
    public void EveryPickleOfEveryTorchScriptAndMobileFileIsRead()
    {
        int files = 0, tensors = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Get("conformance", "aten"), "*.zip"))
        {
            using var zip = ZipReader.Open(path);
            foreach (var entry in zip.Entries.Where(e => e.Name.EndsWith(".pt") || e.Name.EndsWith(".ptl")))
            {
                using var archive = TorchZipArchive.Open(zip.ReadSource(entry));
                ReadPickles(archive, ref tensors);
                files++;
            }
        }
        foreach (string path in Directory.GetFiles(SharedFolder.Get("conformance"), "*.pt*", SearchOption.AllDirectories).Where(p => p.EndsWith(".pt") || p.EndsWith(".ptl")))
        {
            string name = Path.GetFileName(path);
            if (!(name.StartsWith("scripted") || name.StartsWith("traced") || name.StartsWith("script.") || name.EndsWith(".ptl")))
                continue;
            using var archive = TorchZipArchive.Open(path);
            ReadPickles(archive, ref tensors);
            files++;
        }
        Assert.True(files > 1500 && tensors > 1000, $"{files} files, {tensors} tensors");
    }

    [SharedFact]
    public void CheckpointsOfTrainedModelsInsideZipsAreRead()
    {
        int files = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Get("conformance", "real-models"), "*.zip"))
        {
            using var zip = ZipReader.Open(path);
            foreach (var entry in zip.Entries.Where(e => e.Name.EndsWith(".pt") || e.Name.EndsWith(".pth") || e.Name.EndsWith(".jit")))
            {
                using var checkpoint = TorchCheckpoint.Load(zip.ReadSource(entry));
                var state = checkpoint.StateDict();
                Assert.True(state.Count > 5, entry.Name);
                foreach (var (_, tensor) in state)
                    Assert.Equal(tensor.ByteLength, tensor.Bytes().Length);
                files++;
            }
        }
        Assert.True(files >= 5, $"{files} files");
    }

    private static void ReadPickles(TorchZipArchive archive, ref int tensors)
    {
        tensors += CheckpointAssert.Count(archive.ReadPickle("data.pkl", "data/"));
        if (archive.Has("constants.pkl"))
            tensors += CheckpointAssert.Count(archive.ReadPickle("constants.pkl", "constants/"));
        if (archive.Has("bytecode.pkl"))
            archive.ReadPickle("bytecode.pkl", archive.Names.Any(n => n.StartsWith("bytecode/")) ? "bytecode/" : "constants/");
    }
}
