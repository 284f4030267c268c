using System.CommandLine;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Core;
using ExecuSharp.Formats.EtDump;
using ExecuSharp.Formats.FlatTensor;
using ExecuSharp.Formats.Io;
using ExecuSharp.Graphs;
using ExecuSharp.Inspection;
using ExecuSharp.Models.Checkpoints;
using ExecuSharp.Sources;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>inspect</c>: what is in a file.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Any supported file." };
        var nodes = new Option<bool>("--nodes") { Description = "List every instruction, delegate node, weight and planned tensor, or every event of an ETDump." };
        var command = new Command("inspect", "Show what is in a file. Example: execusharp inspect model.pte --nodes") { file, nodes };
        return CommonOptions.Attach(command, (result, reporter, _) =>
        {
            string path = result.GetValue(file)!;
            var kind = FileKinds.Detect(path);
            switch (kind)
            {
                case FileKind.Pte or FileKind.BundledProgram:
                    ShowProgram(path, result.GetValue(nodes), reporter);
                    break;
                case FileKind.FlatTensor:
                    ShowFlatTensor(path, reporter);
                    break;
                case FileKind.Checkpoint or FileKind.SafeTensors:
                    ShowCheckpoint(path, reporter);
                    break;
                case FileKind.Pt2 or FileKind.Onnx:
                    ShowGraph(path, result.GetValue(nodes), reporter);
                    break;
                case FileKind.EtDump:
                    ShowEtDump(path, result.GetValue(nodes), reporter);
                    break;
                case FileKind.TorchScript or FileKind.Numpy:
                    reporter.Result("inspect", new JsonObject { ["file"] = path, ["kind"] = kind.ToString() }, r => r.Line($"{path}: {kind}"));
                    break;
                default:
                    throw FileKinds.Unknown(path);
            }
            return ExitCodes.Done;
        });
    }

    private static void ShowProgram(string path, bool nodes, Reporter reporter)
    {
        using var program = Runtime.Program.Load(path);
        var inspection = ProgramInspection.Of(program.Records);
        reporter.Result("inspect", InspectionJson.Of(path, program.Records, inspection), r => InspectionText.Write(r, path, program.Records, inspection, nodes));
    }

    private static void ShowEtDump(string path, bool events, Reporter reporter)
    {
        using var source = ByteSource.Open(path);
        var file = EtDumpFile.Read(source);
        var inspection = EtDumpInspection.Of(file);
        reporter.Result("inspect", EtDumpText.Json(path, file, inspection), r => EtDumpText.Write(r, path, file, inspection, events));
    }

    private static void ShowFlatTensor(string path, Reporter reporter)
    {
        using var source = ByteSource.Open(path);
        var file = FlatTensorFile.Read(source);
        var rows = file.Entries.Select(e => (e.Key, Type: e.Layout is null ? "blob" : e.Layout.Type.Name() + Tensor.Format(e.Layout.Sizes), Bytes: file.BytesOf(e).Length)).ToList();
        var document = new JsonObject
        {
            ["file"] = path,
            ["kind"] = "FlatTensor",
            ["generation"] = file.IsLegacy ? "0.6" : "0.7 and later",
            ["tensors"] = JsonText.Array(rows, t => new JsonObject { ["name"] = t.Key, ["type"] = t.Type, ["bytes"] = t.Bytes }),
        };
        reporter.Result("inspect", document, r => r.Table(["tensor", "type", "bytes"], rows.Select(t => new[] { t.Key, t.Type, Units.Bytes(t.Bytes) })));
    }

    private static void ShowCheckpoint(string path, Reporter reporter)
    {
        using var checkpoint = Checkpoint.Open(path);
        var model = Models.ModelRegistry.Default.TryDetect(checkpoint);
        var document = new JsonObject
        {
            ["file"] = path,
            ["kind"] = "Checkpoint",
            ["architecture"] = model?.Name,
            ["description"] = model?.Description,
            ["tensors"] = JsonText.Array(checkpoint.Names, n => new JsonObject { ["name"] = n, ["type"] = checkpoint.Tensors[n].ToString() }),
        };
        reporter.Result("inspect", document, r =>
        {
            Columns.Text(r, $"{path}: checkpoint of {checkpoint.Names.Count} tensors{(model is null ? "" : $", {model.Name}: {model.Description}")}");
            r.Table(["tensor", "type"], checkpoint.Names.Select(n => new[] { n, checkpoint.Tensors[n].ToString()! }), alignRight: false);
        });
    }

    private static void ShowGraph(string path, bool nodes, Reporter reporter)
    {
        using var model = ModelImporter.Import(path);
        var graph = model.Graphs[0].Graph;
        var operators = graph.Nodes.GroupBy(n => n.Op).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, Count: g.Count())).ToList();
        var document = new JsonObject
        {
            ["file"] = path,
            ["kind"] = model.Kind.ToString(),
            ["inputs"] = JsonText.Array(graph.Inputs, i => i.Value.ToString()),
            ["outputs"] = JsonText.Array(graph.Outputs, o => o.ToString()),
            ["operators"] = new JsonObject(operators.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Count))),
            ["weightBytes"] = graph.Constants.Values.Sum(c => c.Tensor.ByteLength),
        };
        reporter.Result("inspect", document, r =>
        {
            Columns.Text(r, $"{path}: {model.Kind}, {Units.Count(graph.Nodes.Count, "operator")}, {Units.Bytes(graph.Constants.Values.Sum(c => c.Tensor.ByteLength))} of weights");
            Columns.Text(r, "inputs:  " + string.Join(", ", graph.Inputs));
            Columns.Text(r, "outputs: " + string.Join(", ", graph.Outputs.Select(Output)));
            r.Table(["operator", "calls"], operators.Select(o => new[] { o.Key, Units.Text($"{o.Count}") }));
            if (nodes)
                r.Line(graph.ToString());
        });
    }

    private static string Output(GraphOutput output) => output.Result.IsValue && output.MutatedBuffer is null ? output.Result.AsValue().ToString() : output.ToString();
}
