using System.Text.Json.Nodes;
using CsvHelper;
using ExecuSharp.Cli.Output;
using ExecuSharp.Conversion;
using ExecuSharp.Vision.Classification;

namespace ExecuSharp.Cli.Classification;

/// <summary>Answers as text, JSON and CSV.</summary>
internal static class ClassificationOutput
{
    public static JsonObject Json(OpenedClassifier classifier, List<FileClassification> answers, int top) => new()
    {
        ["method"] = classifier.Method,
        ["unknownBelow"] = classifier.Limit,
        ["pictures"] = JsonText.Array(answers, a => new JsonObject
        {
            ["file"] = a.Path,
            ["error"] = a.Error?.Message,
            ["unknown"] = a.Result?.IsUnknown,
            ["labels"] = a.Result is null ? null : JsonText.Array(a.Result.Scores.Take(top), s => new JsonObject { ["label"] = s.Label, ["probability"] = s.Probability, ["cosine"] = s.Cosine }),
        }),
    };

    public static void WriteText(Reporter reporter, List<FileClassification> answers, int top) => reporter.Table(["picture", "labels"], answers.Select(a => new[]
    {
        Path.GetFileName(a.Path),
        a.Result is null ? a.Error!.Message
            : (a.Result.IsUnknown ? "none of the labels; nearest: " : "") + string.Join(", ", a.Result.Scores.Take(top).Select(s => Units.Text($"{s.Label} {s.Probability * 100:F1} %"))),
    }), alignRight: false);

    /// <summary>A row a picture: file, error, unknown, and label, probability and cosine of the best ones.</summary>
    public static void WriteCsv(string path, List<FileClassification> answers, int top)
    {
        int shown = Math.Min(top, answers.Max(a => a.Result?.Scores.Count ?? 0));
        AtomicFile.Write(path, stream =>
        {
            using var csv = CsvWriter.Create(stream, new CsvWriterOptions(), leaveOpen: true);
            csv.WriteRecord([.. new[] { "file", "error", "unknown" }.Concat(Enumerable.Range(1, shown).SelectMany(i => new[] { $"label_{i}", $"probability_{i}", $"cosine_{i}" }))]);
            foreach (var answer in answers)
                csv.WriteRecord([.. Fields(answer, shown)]);
        });
    }

    private static IEnumerable<string> Fields(FileClassification answer, int shown)
    {
        yield return answer.Path;
        yield return answer.Error?.Message ?? "";
        yield return answer.Result is null ? "" : answer.Result.IsUnknown ? "true" : "false";
        for (int i = 0; i < shown; i++)
        {
            bool known = i < answer.Result?.Scores.Count;
            yield return known ? answer.Result!.Scores[i].Label : "";
            yield return known ? Units.Text($"{answer.Result!.Scores[i].Probability}") : "";
            yield return known ? Units.Text($"{answer.Result!.Scores[i].Cosine}") : "";
        }
    }
}
