using System.Text.Json;
using System.Text.RegularExpressions;

namespace ExecuSharp.Tests.System;

/// <summary><c>--report</c> of <c>convert</c> and <c>compare</c>.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly string folder = Tool.TemporaryFolder();

    private static string Demo => Path.Combine(Tool.Samples, "PE-Demo-T8-64.pt");

    private string Report => Path.Combine(folder, "pages", "report.html");

    [Fact]
    public void A_batch_has_one_page_with_what_was_converted_and_what_was_not()
    {
        string sources = Sources("a & <b>.pt"), output = Path.Combine(folder, "out");
        File.WriteAllText(Path.Combine(sources, "notes <i>.pt"), "text");
        var (code, json, _) = Tool.Run("convert", sources, "-o", output, "--report", Report, "--format", "json");
        Assert.Equal(4, code);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(Report, document.RootElement.GetProperty("report").GetString());
        var results = document.RootElement.GetProperty("conversions");
        Assert.Equal(4, results[1].GetProperty("exitCode").GetInt32());
        string page = File.ReadAllText(Report);
        Assert.All(["notes &lt;i&gt;.pt", "exit code 4", "expected a .pte", "ExecuTorch 1.5"], part => Assert.Contains(part, page, StringComparison.Ordinal));
        Assert.Equal(2, results[0].GetProperty("programs").GetArrayLength());
        foreach (var program in results[0].GetProperty("programs").EnumerateArray())
        {
            Assert.Contains($"a &amp; &lt;b&gt;.{program.GetProperty("name").GetString()}.pte", page, StringComparison.Ordinal);
            Assert.Contains(program.GetProperty("sha256").GetString()!, page, StringComparison.Ordinal);
            foreach (var call in program.GetProperty("operators").EnumerateObject())
                Assert.Contains($"<td>{call.Name}</td><td class=\"number\">{call.Value.GetInt32()}</td>", page, StringComparison.Ordinal);
            foreach (var outside in program.GetProperty("outside").EnumerateObject())
                Assert.Contains(outside.Name, page, StringComparison.Ordinal);
            Assert.NotEmpty(program.GetProperty("layers").EnumerateArray());
        }
        Assert.Equal(2, Regex.Count(page, "<svg "));
        Assert.DoesNotMatch("(src|href)=\"(?!#)|<script|url\\(|@import", page);
        Assert.DoesNotMatch("<b>.pt|<i>.pt", page);
        Assert.Equal(["report.html"], Directory.GetFiles(Path.GetDirectoryName(Report)!).Select(Path.GetFileName));
    }

    [Fact]
    public void An_existing_page_is_refused_before_any_work()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Report)!);
        File.WriteAllText(Report, "mine");
        string output = Path.Combine(folder, "out");
        var (code, _, error) = Tool.Run("convert", Demo, "-o", output, "--report", Report);
        Assert.Equal(4, code);
        Assert.Contains("report.html exists; use --overwrite", error, StringComparison.Ordinal);
        Assert.Equal(4, Tool.Run("compare", Demo, Demo, "--report", Report).Code);
        Assert.Equal(2, Tool.Run("convert", Demo, "-o", output, "--report", Path.Combine(folder, "report.pte")).Code);
        Assert.False(Directory.Exists(output));
        Assert.Equal("mine", File.ReadAllText(Report));
    }

    [Fact]
    public void A_single_source_that_fails_has_a_page_that_says_why()
    {
        string broken = Path.Combine(folder, "broken.pt2");
        File.WriteAllText(broken, "text");
        var (code, output, error) = Tool.Run("convert", broken, "--report", Report);
        Assert.Equal((4, ""), (code, output));
        string message = error[error.IndexOf(broken, StringComparison.Ordinal)..].TrimEnd();
        Assert.Contains(message, File.ReadAllText(Report), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "broken.onnx"), "text");
        Assert.Equal(2, Tool.Run("convert", folder).Code);
    }

    [Fact]
    public void A_program_that_is_not_like_its_source_is_shown_with_its_gaps()
    {
        var (code, _, _) = Tool.Run("convert", Demo, "-o", Path.Combine(folder, "out"), "--min-similarity", "1.1", "--report", Report);
        Assert.Equal(1, code);
        string page = File.ReadAllText(Report);
        Assert.All(["Not converted, exit code 1", "1.1 is asked for", "output 0", "<svg ", "Gap by operator"], part => Assert.Contains(part, page, StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(folder, "out")) && Directory.EnumerateFiles(Path.Combine(folder, "out")).Any());
    }

    [Fact]
    public void Two_models_that_are_compared_have_a_page()
    {
        var (code, json, error) = Tool.Run("compare", Demo, Demo, "--program", "vision", "--random", "1", "--layers", "--min-cosine", "0.99", "--report", Report, "--format", "json");
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(Report, document.RootElement.GetProperty("report").GetString());
        string page = File.ReadAllText(Report);
        Assert.All(["Lowest cosine 1.000000; 0.99 is asked for.", "<svg ", document.RootElement.GetProperty("layers")[0].GetProperty("operator").GetString()!], part => Assert.Contains(part, page, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Sources(string name)
    {
        string sources = Path.Combine(folder, "sources");
        Directory.CreateDirectory(sources);
        File.Copy(Demo, Path.Combine(sources, name));
        File.Copy(Path.Combine(Tool.Samples, "model.json"), Path.Combine(sources, "model.json"));
        return sources;
    }
}
