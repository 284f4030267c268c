using System.IO.Compression;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Onnx;
using ExecuSharp.Import.Pt2;
using ExecuSharp.Import.TorchScript;

namespace ExecuSharp.Tools.Operators;

/// <summary>Imports the models of the recorded sets and counts those that use each operator, kept as a node or written with others.</summary>
internal sealed class RecordedCaseCounter(OperatorObserver observer)
{
    private readonly SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
    private int models;

    public static RecordedCases Count(string conformance)
    {
        var counter = new RecordedCaseCounter(new OperatorObserver());
        int samples = 0;
        foreach (string zip in Files(Path.Combine(conformance, "aten"), "*.zip"))
        {
            using var archive = ZipFile.OpenRead(zip);
            foreach (var entry in archive.Entries)
                counter.Model(Path.GetExtension(entry.Name), () => Read(entry), () => Read(archive.GetEntry(Path.ChangeExtension(entry.FullName, ".safetensors"))!));
            samples += archive.Entries.Count(e => e.Name.EndsWith(".pt2", StringComparison.Ordinal));
        }
        foreach (string file in Files(Path.Combine(conformance, "models"), "*").Concat(Files(Path.Combine(conformance, "versions"), "*.pt2")))
            counter.Model(Path.GetExtension(file), () => File.ReadAllBytes(file), () => File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(file)!, "io.safetensors")));
        foreach (string zip in Files(Path.Combine(conformance, "onnx"), "*.zip"))
        {
            using var archive = ZipFile.OpenRead(zip);
            foreach (var entry in archive.Entries.Where(e => e.Name.EndsWith(".onnx", StringComparison.Ordinal)))
                counter.Model(".onnx", () => Read(entry), () => []);
        }
        return RecordedCases.Read() with { Operators = counter.counts, Models = counter.models, Samples = samples };
    }

    private void Model(string extension, Func<byte[]> file, Func<byte[]> inputs)
    {
        try
        {
            observer.Start();
            Graph? graph = extension switch
            {
                ".pt2" => Pt2Importer.Import(Pt2Archive.Open(new ByteSource(file())).Model),
                ".pt" or ".ptl" => TorchScriptImporter.Import(file(), new TorchScriptImportOptions { InputShapes = ModelInputs.Specs(inputs()) }),
                ".onnx" => OnnxImporter.Import(file()),
                _ => null,
            };
            if (graph is null)
                return;
            models++;
            foreach (string name in observer.Decomposed.Concat(graph.Nodes.Select(n => n.Operator.Name)).Distinct(StringComparer.Ordinal))
                counts[name] = counts.GetValueOrDefault(name) + 1;
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException or IOException)
        {
            // A checkpoint without code, or a case that is recorded as broken or out of reach.
        }
    }

    private static IEnumerable<string> Files(string folder, string pattern) => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
