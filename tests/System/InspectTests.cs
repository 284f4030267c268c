using System.Text.Json;

namespace ExecuSharp.Tests.System;

/// <summary><c>inspect</c> of a program as text and JSON.</summary>
public sealed class InspectTests
{
    private static readonly string Model = Path.Combine(Tool.Samples, "vision_xnnpack.bpte");

    [Fact]
    public void Text_fits_80_columns()
    {
        var (code, text, _) = Tool.Run("inspect", Model, "--nodes");
        Assert.Equal(0, code);
        Assert.All(text.Split('\n').SkipWhile(l => !l.StartsWith("ExecuTorch ", StringComparison.Ordinal)), line => Assert.True(line.Length <= 80, line));
        foreach (string part in new[] { "method forward", "memory: ", " waste", "planned tensor", "delegate 0: XnnpackBackend", "Conv2d(Fp32[", "[XnnpackBackend]", "named data" })
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_has_everything_without_asking()
    {
        var (code, json, _) = Tool.Run("inspect", Model, "--format", "json");
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var method = root.GetProperty("methods")[0];
        Assert.Equal("1.5", root.GetProperty("releases").GetProperty("releases").EnumerateArray().Last().GetString());
        Assert.Equal(method.GetProperty("memory").GetProperty("plannedBytes").GetInt64() - method.GetProperty("memory").GetProperty("liveBytes").GetInt64(), method.GetProperty("memory").GetProperty("wasteBytes").GetInt64());
        Assert.NotEmpty(method.GetProperty("memory").GetProperty("tensors").EnumerateArray());
        Assert.NotEmpty(method.GetProperty("delegates")[0].GetProperty("nodes")[0].GetProperty("inputs").EnumerateArray());
        Assert.All(method.GetProperty("instructions").EnumerateArray(), i => Assert.NotNull(i.GetProperty("runBy").GetString()));
        long[] weights = [.. root.GetProperty("weights").EnumerateArray().Select(w => w.GetProperty("bytes").GetInt64())];
        Assert.Equal(weights.OrderDescending(), weights);
        Assert.NotEmpty(weights);
    }
}
