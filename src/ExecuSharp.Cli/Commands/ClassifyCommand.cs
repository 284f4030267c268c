using System.CommandLine;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Core;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Vision.Classification;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>classify</c>: zero-shot classification of pictures.</summary>
internal static class ClassifyCommand
{
    private static readonly string[] PictureExtensions = [".png", ".jpg", ".jpeg", ".bmp", ".ppm", ".pgm"];

    public static Command Create()
    {
        var images = new Argument<string[]>("IMAGE") { Description = "Pictures, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var model = new Option<string>("--model") { Description = "The manifest (.json) that convert wrote.", Required = true };
        var labels = new Option<string>("--labels") { Description = "Labels with commas between, or a file with one a line.", Required = true };
        var templates = new Option<string[]>("--template") { Description = "Prompt with {} for the label; may be repeated.", Arity = ArgumentArity.ZeroOrMore };
        var merges = new Option<string?>("--merges") { Description = "The tokenizer's merge file, where the manifest names none." };
        var cache = new Option<string?>("--cache") { Description = "Folder for text embeddings." };
        var top = new Option<int>("--top") { Description = "Labels to show.", DefaultValueFactory = _ => 3 };
        var floor = new Option<float?>("--min-cosine") { Description = "Below this cosine a picture shows none of the labels." };
        var command = new Command("classify", "Classify pictures by words. Example: execusharp classify photo.jpg --model PE.json --labels cat,dog") { images, model, labels, templates, merges, cache, top, floor };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            var list = Labels(result.GetValue(labels)!);
            var set = new LabelSet("labels", list, result.GetValue(templates) is { Length: > 0 } given ? given : ["a photo of a {}."]);
            reporter.Report($"embed {list.Count} labels");
            using var classifier = ZeroShotClassifier.Open(result.GetValue(model)!, set, new ZeroShotOptions
            {
                MergesFile = result.GetValue(merges),
                CacheFolder = result.GetValue(cache),
                Unknown = result.GetValue(floor) is { } cosine ? new UnknownRule(cosine) : null,
            }, cancellation);
            reporter.Report("classify");
            var answers = classifier.Images.ClassifyFiles(Pictures(result.GetValue(images)!), cancellation).ToList();
            int count = Math.Clamp(result.GetValue(top), 1, list.Count);
            reporter.Result("classify", new JsonObject { ["pictures"] = JsonText.Array(answers, a => Json(a, count)) }, r => Write(r, answers, count));
            return answers.Exists(a => a.Error is not null) ? ExitCodes.BadFile : ExitCodes.Done;
        });
    }

    private static List<string> Labels(string text)
    {
        IEnumerable<string> items = File.Exists(text) ? File.ReadLines(text) : text.Split(',');
        var labels = items.Select(l => l.Trim()).Where(l => l.Length > 0).Distinct().ToList();
        return labels.Count > 0 ? labels : throw new UsageException("--labels: the label list is empty");
    }

    private static IEnumerable<string> Pictures(string[] paths)
    {
        foreach (string path in paths)
        {
            if (!Directory.Exists(path))
            {
                yield return path;
                continue;
            }
            foreach (string file in Directory.EnumerateFiles(path).Where(f => PictureExtensions.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal))
                yield return file;
        }
    }

    private static JsonObject Json(FileClassification answer, int top) => new()
    {
        ["file"] = answer.Path,
        ["error"] = answer.Error?.Message,
        ["unknown"] = answer.Result?.IsUnknown,
        ["labels"] = answer.Result is null ? null : JsonText.Array(answer.Result.Scores.Take(top), s => new JsonObject { ["label"] = s.Label, ["probability"] = s.Probability, ["cosine"] = s.Cosine }),
    };

    private static void Write(Reporter reporter, List<FileClassification> answers, int top)
    {
        reporter.Table(["picture", "labels"], answers.Select(a => new[]
        {
            Path.GetFileName(a.Path),
            a.Result is null ? a.Error!.Message
                : (a.Result.IsUnknown ? "none of the labels; nearest: " : "") + string.Join(", ", a.Result.Scores.Take(top).Select(s => Units.Text($"{s.Label} {s.Probability * 100:F1} %"))),
        }), alignRight: false);
    }
}
