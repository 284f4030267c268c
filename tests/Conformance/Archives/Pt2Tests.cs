using System.IO.Compression;
using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Tests.Conformance.Archives;

public class Pt2Tests
{
    [SharedFact]
    public void EveryExportedProgramIsReadWithAllItsData()
    {
        var generations = new Dictionary<string, int>();
        int files = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Get("conformance"), "*.pt2", SearchOption.AllDirectories))
        {
            using var archive = Pt2Archive.Open(path);
            Check(path, archive.Model, generations);
            files++;
        }
        Assert.True(files > 150, $"{files} files");
        Assert.True(generations.Keys.Count(k => k.StartsWith('5')) >= 2 && generations.Keys.Count(k => k.StartsWith('8')) >= 3, string.Join(", ", generations));
    }

    [SharedFact]
    public void EveryOperatorCaseIsRead()
    {
        int files = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Get("conformance", "aten"), "*.zip"))
        {
            using var zip = ZipFile.OpenRead(path);
            foreach (var entry in zip.Entries.Where(e => e.Name.EndsWith(".pt2")))
            {
                using var archive = Pt2Archive.Open(new ByteSource(Corpus.Read(zip, entry.FullName)));
                Check($"{path} {entry.Name}", archive.Model, []);
                files++;
            }
        }
        Assert.True(files > 900, $"{files} files");
    }

    [SharedFact]
    public void GraphsHaveTheRecordedOperators()
    {
        int models = 0;
        foreach (string folder in Directory.GetDirectories(SharedFolder.Get("conformance", "models")))
        {
            string file = Path.Combine(folder, "model.pt2");
            if (!File.Exists(file))
                continue;
            using var meta = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "meta.json")));
            if (!meta.RootElement.TryGetProperty("graph", out var graph) || !graph.TryGetProperty("aten", out var aten))
                continue;
            using var archive = Pt2Archive.Open(file);
            var counts = new Dictionary<string, int>();
            Count(archive.Model.Program.Graph, counts);
            foreach (var op in aten.EnumerateObject())
                if (op.Name.StartsWith("aten::", StringComparison.Ordinal))
                    Assert.True(counts.GetValueOrDefault(op.Name) == op.Value.GetInt32(), $"{folder}: {op.Name} {op.Value} recorded, {counts.GetValueOrDefault(op.Name)} read");
            models++;
        }
        Assert.True(models >= 35, $"{models} models");
    }

    [SharedFact]
    public void WeightsEqualTheStateDict()
    {
        int compared = 0;
        foreach (string folder in Directory.GetDirectories(SharedFolder.Get("conformance", "models")))
        {
            string file = Path.Combine(folder, "model.pt2");
            string state = Path.Combine(folder, "state_dict.safetensors");
            if (!File.Exists(file) || !File.Exists(state))
                continue;
            using var archive = Pt2Archive.Open(file);
            using var expected = SafeTensorsFile.Open(state);
            foreach (var (name, tensor) in archive.Model.Weights)
            {
                CheckpointAssert.Equal($"{folder} {name}", expected[name], tensor);
                compared++;
            }
        }
        Assert.True(compared > 100, $"{compared} tensors");
    }

    [SharedFact]
    public void OldGenerationsHoldTheSameWeightsAsTheirStateDict()
    {
        int compared = 0;
        foreach (string file in Directory.GetFiles(SharedFolder.Get("conformance", "versions", "files"), "program.pt2", SearchOption.AllDirectories))
        {
            string state = Path.Combine(Path.GetDirectoryName(file)!, "state_dict.pt");
            if (!File.Exists(state))
                continue;
            using var archive = Pt2Archive.Open(file);
            using var checkpoint = ExecuSharp.Formats.TorchArchive.TorchCheckpoint.Load(state);
            var dict = checkpoint.StateDict();
            foreach (var (name, tensor) in archive.Model.Weights)
            {
                if (!dict.TryGet(name, out var expected))
                    continue;
                CheckpointAssert.Equal($"{file} {name}", expected, tensor);
                compared++;
            }
        }
        Assert.True(compared > 40, $"{compared} tensors");
    }

    [SharedFact]
    public void DynamicSizesAndControlFlowAreKept()
    {
        using (var bert = Pt2Archive.Open(SharedFolder.Get("conformance", "models", "bert_tiny", "model.pt2")))
        {
            var program = bert.Model.Program;
            Assert.Equal(new Pt2RangeConstraint(1, 4), program.RangeConstraints["s18"]);
            var input = program.Graph.TensorValues["input_ids"];
            Assert.Equal(new Pt2SymInt(null, "Symbol('s18', positive=True, integer=True)", 2), input.Sizes[0]);
            Assert.Equal(ScalarType.Long, input.Type);
            Assert.Equal(["input_ids", "attention_mask", "token_type_ids"], program.ModuleCalls[0].ArgumentNames);
            Assert.Equal(3, program.InputTree!.LeafCount);
        }
        using var cond = Pt2Archive.Open(SharedFolder.Get("conformance", "models", "cond", "model.pt2"));
        var node = cond.Model.Program.Graph.Nodes.Single(n => n.Target == "torch.ops.higher_order.cond");
        var branch = Assert.IsType<Pt2Argument.Graph>(node.Inputs[1].Value);
        Assert.Equal("true_graph_0", branch.Name);
        Assert.Equal(["aten::linear", "aten::relu", "aten::sum.dim_IntList"], branch.Value.Nodes.Select(n => n.OperatorName));
    }

    private static void Check(string path, Pt2Model model, Dictionary<string, int> generations)
    {
        var program = model.Program;
        string generation = $"{program.SchemaMajor}.{program.SchemaMinor}";
        generations[generation] = generations.GetValueOrDefault(generation) + 1;
        foreach (var spec in program.InputSpecs)
        {
            string? target = spec switch
            {
                Pt2InputSpec.Parameter p => p.TargetName,
                Pt2InputSpec.Buffer b => b.TargetName,
                Pt2InputSpec.TensorConstant c => c.TargetName,
                _ => null,
            };
            string? name = spec switch
            {
                Pt2InputSpec.Parameter p => p.ArgumentName,
                Pt2InputSpec.Buffer b => b.ArgumentName,
                Pt2InputSpec.TensorConstant c => c.ArgumentName,
                _ => null,
            };
            if (target is null)
                continue;
            var tensor = model.Find(target);
            Assert.True(tensor is not null, $"{path}: no data for '{target}'");
            var meta = program.Graph.TensorValues[name!];
            Assert.True(meta.Sizes.Select(s => s.Value!.Value).SequenceEqual(tensor!.Shape.ToArray()), $"{path}: {target}");
            Assert.Equal(meta.Type, tensor.Type);
            Assert.Equal(tensor.ByteLength, tensor.Bytes().Length);
        }
        NoUnknown(path, program.Graph);
    }

    private static void NoUnknown(string path, Pt2Graph graph)
    {
        foreach (var input in graph.Nodes.SelectMany(n => n.Inputs))
        {
            Assert.False(input.Value is Pt2Argument.Unknown, path);
            if (input.Value is Pt2Argument.Graph inner)
                NoUnknown(path, inner.Value);
        }
    }

    private static void Count(Pt2Graph graph, Dictionary<string, int> counts)
    {
        foreach (var node in graph.Nodes)
        {
            string name = node.OperatorName ?? node.Target;
            counts[name] = counts.GetValueOrDefault(name) + 1;
            foreach (var inner in node.Inputs.Select(i => i.Value).OfType<Pt2Argument.Graph>())
                Count(inner.Value, counts);
        }
    }
}
