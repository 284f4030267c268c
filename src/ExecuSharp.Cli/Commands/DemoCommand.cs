using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Demo;
using ExecuSharp.Cli.Output;
using ExecuSharp.Conversion;
using ExecuSharp.Verification;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>demo</c>: the whole chain on a small trained model that ships with the tool.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output", "-o") { Description = "Folder for the programs and the page.", DefaultValueFactory = _ => "execusharp-demo" };
        var command = new Command("demo", "Convert, verify, compare, measure and use a small trained model, and write a page. Example: execusharp demo") { output };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            string folder = Path.GetFullPath(result.GetValue(output)!);
            var run = DemoRun.Execute(DemoFiles.Find(), folder, reporter, cancellation);
            string page = Path.Combine(folder, "demo.html");
            AtomicFile.Write(page, stream => stream.Write(Encoding.UTF8.GetBytes(DemoPage.Write(run))));
            reporter.Result("demo", Json(run, page), r => Write(r, run, page));
            return run.Passed ? ExitCodes.Done : ExitCodes.CheckFailed;
        });
    }

    private static JsonObject Json(DemoRun run, string page) => new()
    {
        ["page"] = page,
        ["passed"] = run.Passed,
        ["conversion"] = ConversionText.Json(run.Conversion),
        ["verified"] = run.Verification.Count(v => v.Status == CaseStatus.Pass),
        ["p50Ms"] = run.Benchmark.Latency.P50,
        ["framesPerSecond"] = run.Benchmark.FramesPerSecond,
        ["pictures"] = JsonText.Array(run.Answers, a => new JsonObject { ["file"] = a.Picture.Name, ["label"] = a.Scores[0].Label, ["recorded"] = a.Picture.Recorded, ["cosine"] = a.Cosine, ["maxAbs"] = a.MaxAbs }),
    };

    private static void Write(Reporter reporter, DemoRun run, string page)
    {
        ConversionText.Write(reporter, run.Conversion, layers: true, explain: false);
        reporter.Line($"verify:   {run.Verification.Count(v => v.Status == CaseStatus.Pass)} of {run.Verification.Count} recorded cases of the official exporter's program pass");
        reporter.Line($"bench:    p50 {Units.Milliseconds(run.Benchmark.Latency.P50)}, p95 {Units.Milliseconds(run.Benchmark.Latency.P95)}, {Units.Text($"{run.Benchmark.FramesPerSecond:F0}")} frames a second on {run.Benchmark.Threads} threads");
        reporter.Line($"classify: {run.Answers.Count(a => a.AgreesWithPyTorch)} of {run.Answers.Count} pictures get PyTorch's best label; lowest cosine {Units.Cosine(run.Answers.Min(a => a.Cosine))}, largest difference {Units.Small(run.Answers.Max(a => a.MaxAbs))}");
        foreach (var wrong in run.Answers.Where(a => !a.AgreesWithPyTorch))
            reporter.Line($"  {wrong.Picture.Name}: {wrong.Scores[0].Label}, PyTorch {wrong.Picture.Recorded}");
        reporter.Line($"page:     {page}");
    }
}
