using System.CommandLine;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Conversion;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Vision.Classification;
using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>embed</c>: embeddings of pictures or texts.</summary>
internal static class EmbedCommand
{
    private const string TensorName = "embeddings";
    private const string InputPrefix = "input.";

    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE") { Description = "Pictures, or folders of them.", Arity = ArgumentArity.ZeroOrMore };
        var texts = new Option<string[]>("--text") { Description = "Instead of pictures: a text, or a file with one a line; may be repeated.", Arity = ArgumentArity.ZeroOrMore };
        var model = new Option<string>("--model") { Description = "The manifest (.json) that convert wrote.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = $"The .safetensors file: '{TensorName}', Float[inputs, dimensions], and the inputs' names in its metadata.", Required = true };
        var merges = new Option<string?>("--merges") { Description = "The tokenizer's merge file, where the manifest names none." };
        var normalize = new Option<bool>("--normalize") { Description = "Divide each embedding by its length." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an existing file." };
        var command = new Command("embed", "Embed pictures or texts. Example: execusharp embed photos --model PE.json -o photos.safetensors") { images, texts, model, output, merges, normalize, overwrite };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            string target = result.GetValue(output)!, manifest = result.GetValue(model)!;
            string[] pictures = result.GetValue(images) ?? [], words = result.GetValue(texts) ?? [];
            if (!target.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
                throw new UsageException($"--output {target}: expected a name that ends in .safetensors");
            if ((pictures.Length == 0) == (words.Length == 0))
                throw new UsageException("pictures or --text: one of them is needed, and not both");
            if (File.Exists(target) && !result.GetValue(overwrite))
                throw new IOException($"{target} exists; use --overwrite to replace it");
            var (names, rows) = words.Length > 0
                ? Texts(manifest, result.GetValue(merges), words, reporter, cancellation)
                : Images(manifest, pictures, reporter, cancellation);
            if (result.GetValue(normalize))
                rows = [.. rows.Select(r => UnitVectors.Normalize(r))];
            Write(target, names, rows);
            reporter.Result("embed", new JsonObject { ["output"] = target, ["inputs"] = JsonText.Array(names, n => n), ["dimensions"] = rows[0].Length },
                r => r.Line($"{target}: {rows.Count} embeddings of {rows[0].Length} dimensions"));
            return ExitCodes.Done;
        });
    }

    private static (IReadOnlyList<string> Names, List<float[]> Rows) Images(string manifest, string[] pictures, Reporter reporter, CancellationToken cancellation)
    {
        var files = PictureFiles.Expand(pictures);
        using var model = ImageModel.Open(manifest);
        return (files, Each(files, model.Embedder.EmbedFile, reporter, cancellation));
    }

    private static (IReadOnlyList<string> Names, List<float[]> Rows) Texts(string manifest, string? merges, string[] words, Reporter reporter, CancellationToken cancellation)
    {
        var texts = words.SelectMany(w => File.Exists(w) ? LabelFile.Read(w).SelectMany(s => s.Labels) : [w]).ToList();
        if (texts.Count == 0)
            throw new UsageException("--text: there is no text in the file");
        using var model = TextModel.Open(manifest, merges);
        return (texts, Each(texts, model.Embedder.Embed, reporter, cancellation));
    }

    private static List<float[]> Each(IReadOnlyList<string> inputs, Func<string, float[]> embed, Reporter reporter, CancellationToken cancellation)
    {
        var rows = new List<float[]>(inputs.Count);
        foreach (string input in inputs)
        {
            cancellation.ThrowIfCancellationRequested();
            reporter.Report($"[{rows.Count + 1}/{inputs.Count}] {input}");
            rows.Add(embed(input));
        }
        return rows;
    }

    private static void Write(string target, IReadOnlyList<string> names, List<float[]> rows)
    {
        var matrix = Tensor.From<float>(rows.SelectMany(r => r).ToArray(), rows.Count, rows[0].Length);
        var metadata = names.Select((n, i) => (Name: n, Index: i)).ToDictionary(n => $"{InputPrefix}{n.Index:D6}", n => n.Name);
        AtomicFile.Write(target, stream => SafeTensorsWriter.Write(stream, [KeyValuePair.Create(TensorName, matrix)], metadata));
    }
}
