using System.Text.Json;

namespace ExecuSharp.Tests.System;

/// <summary><c>run --etdump</c> and <c>inspect</c> of what it writes.</summary>
public sealed class ProfileTests
{
    [Fact]
    public void A_run_is_recorded_and_shown()
    {
        string folder = Tool.TemporaryFolder(), dump = Path.Combine(folder, "vision.etdp"), model = Path.Combine(Tool.Samples, "vision_xnnpack.bpte");
        Assert.Equal(0, Tool.Run("run", model, "--etdump", dump, "--repeat", "2").Code);
        var (code, json, _) = Tool.Run("inspect", dump, "--format", "json");
        Assert.Equal(0, code);
        using (var document = JsonDocument.Parse(json))
        {
            Assert.Equal(["Default", "Execute", "Execute"], document.RootElement.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("name").GetString()!));
            var execute = document.RootElement.GetProperty("blocks").EnumerateArray().Single(b => b.GetProperty("name").GetString() == "Execute").GetProperty("events").EnumerateArray().ToList();
            Assert.Contains(execute, e => e.GetProperty("name").GetString() == "DELEGATE_CALL" && e.GetProperty("count").GetInt32() == 2);
            Assert.Contains(execute, e => e.GetProperty("inDelegate").GetBoolean() && e.GetProperty("name").GetString() == "Conv2d #1");
        }
        var (_, text, _) = Tool.Run("inspect", dump, "--nodes");
        Assert.All(text.Split('\n').Skip(1), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("by operator over all runs", text, StringComparison.Ordinal);
        var (again, _, error) = Tool.Run("run", model, "--etdump", dump);
        Assert.Equal(4, again);
        Assert.Contains("--overwrite", error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(folder));
        File.WriteAllBytes(dump, File.ReadAllBytes(dump)[..200]);
        var (broken, _, message) = Tool.Run("inspect", dump);
        Assert.Equal(4, broken);
        Assert.Contains("vision.etdp: at byte 0 (length): expected at most the 196 bytes", message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
