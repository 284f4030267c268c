using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Core;
using ExecuSharp.Runtime;
using ExecuSharp.Verification;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>verify</c>: runs the test cases of bundled programs.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = ".bpte files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var rtol = new Option<double?>("--rtol") { Description = "Relative tolerance; default by element type." };
        var atol = new Option<double?>("--atol") { Description = "Absolute tolerance; default by element type." };
        var steps = new Option<int>("--steps") { Description = "Steps by which integer outputs may differ." };
        var threads = new Option<int>("--threads") { Description = "Threads; 0 for one per core." };
        var command = new Command("verify", "Run every bundled test case and compare the outputs. Example: execusharp verify model.bpte") { files, rtol, atol, steps, threads };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            Tolerance? tolerance = result.GetValue(rtol) is null && result.GetValue(atol) is null && result.GetValue(steps) == 0
                ? null
                : new Tolerance(result.GetValue(atol) ?? 1e-5, result.GetValue(rtol) ?? 1e-4) { Steps = result.GetValue(steps) };
            return Run(Expand(result.GetValue(files)!), tolerance, RuntimeOptions.Default with { Threads = result.GetValue(threads) }, reporter, cancellation);
        });
    }

    private static int Run(List<string> files, Tolerance? tolerance, RuntimeOptions options, Reporter reporter, CancellationToken cancellation)
    {
        var results = new List<CaseResult>();
        int code = ExitCodes.Done;
        for (int i = 0; i < files.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            reporter.Report($"[{i + 1}/{files.Count}] {files[i]}");
            List<CaseResult> cases;
            try
            {
                cases = [.. BundleVerifier.Verify(files[i], options, tolerance)];
            }
            catch (ModelFormatException e)
            {
                cases = [new CaseResult(files[i], "", 0, CaseStatus.Error, ErrorCode.InvalidProgram, e.Message, [])];
                code = ExitCodes.BadFile;
            }
            results.AddRange(cases);
            if (!reporter.IsJson)
                Lines(reporter, files[i], cases);
        }
        if (code == ExitCodes.Done && results.Exists(r => r.Status is CaseStatus.Differs or CaseStatus.Error))
            code = ExitCodes.CheckFailed;
        if (code == ExitCodes.Done && results.Exists(r => r.Status == CaseStatus.Unsupported))
            code = ExitCodes.Unsupported;
        int passed = results.Count(r => r.Status == CaseStatus.Pass);
        reporter.Result("verify", new JsonObject { ["cases"] = JsonText.Array(results, Json), ["passed"] = passed, ["failed"] = results.Count - passed },
            r => r.Line(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {results.Count - passed} failed in {files.Count} files")));
        return code;
    }

    private static void Lines(Reporter reporter, string file, List<CaseResult> cases)
    {
        reporter.Clear();
        int passed = cases.Count(c => c.Status == CaseStatus.Pass);
        reporter.Line($"{(passed == cases.Count ? "PASS" : "FAIL")} {file}: {passed} of {cases.Count}");
        foreach (var c in cases.Where(c => c.Status != CaseStatus.Pass).Take(20))
            reporter.Line($"  {c.Status.ToString().ToUpperInvariant()} {c.Method} case {c.Case}: {c.Message}");
        if (cases.Count(c => c.Status != CaseStatus.Pass) is > 20 and var more)
            reporter.Line($"  and {more - 20} more");
    }

    private static JsonObject Json(CaseResult c) => new()
    {
        ["file"] = c.File,
        ["method"] = c.Method,
        ["case"] = c.Case,
        ["status"] = c.Status.ToString().ToLowerInvariant(),
        ["code"] = (int)c.Code,
        ["message"] = c.Message,
        ["outputs"] = JsonText.Array(c.Outputs, o => new JsonObject
        {
            ["dtype"] = o.Type,
            ["shape"] = JsonText.Sizes(o.Sizes),
            ["largestDifference"] = JsonText.Number(o.LargestDifference),
            ["outside"] = o.Outside,
        }),
    };

    private static List<string> Expand(IEnumerable<string> paths)
    {
        var files = new List<string>();
        foreach (string path in paths)
        {
            if (!Directory.Exists(path))
            {
                files.Add(path);
                continue;
            }
            var inside = Directory.EnumerateFiles(path, "*.bpte", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
            if (inside.Count == 0)
                throw new ModelFormatException("the folder", ".bpte files", "none", path);
            files.AddRange(inside);
        }
        return files;
    }
}
