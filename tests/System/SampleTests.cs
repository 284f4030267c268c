using System.Globalization;
using System.Text.Json;

namespace ExecuSharp.Tests.System;

/// <summary>The sample application, which has the runtime and nothing else.</summary>
public sealed class SampleTests
{
    [Fact]
    public void The_sample_computes_what_the_tool_does()
    {
        string model = Path.Combine(Tool.Samples, "vision_xnnpack.bpte");
        var (code, output, error) = Tool.RunAssembly("runprogram.dll", model);
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(Tool.Run("run", model, "--format", "json").Output);
        var values = document.RootElement.GetProperty("outputs")[0].GetProperty("values").EnumerateArray().Take(4).Select(v => ((float)v.GetDouble()).ToString("G6", CultureInfo.InvariantCulture));
        Assert.StartsWith($"output 0: {string.Join(", ", values)}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_says_what_is_wrong_with_a_file()
    {
        var (code, _, error) = Tool.RunAssembly("runprogram.dll", "nothing-here.pte");
        Assert.Equal(1, code);
        Assert.Contains("nothing-here.pte", error, StringComparison.Ordinal);
    }
}
