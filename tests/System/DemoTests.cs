using System.Text.Json;

namespace ExecuSharp.Tests.System;

/// <summary>The README's first command, and what it leaves behind.</summary>
public sealed class DemoTests
{
    [Fact]
    public void Demo_agrees_with_PyTorch_on_every_picture_and_writes_a_self_contained_page()
    {
        string folder = Tool.TemporaryFolder();
        var (code, output, error) = Tool.Run("demo", "-o", folder, "--format", "json");
        Assert.True(code == 0, error + output);
        using var document = JsonDocument.Parse(output);
        var root = document.RootElement;
        Assert.Equal("execusharp.demo/1", root.GetProperty("schema").GetString());
        Assert.True(root.GetProperty("passed").GetBoolean());
        Assert.Equal(2, root.GetProperty("verified").GetInt32());
        var pictures = root.GetProperty("pictures").EnumerateArray().ToList();
        Assert.Equal(43, pictures.Count);
        foreach (var picture in pictures)
        {
            Assert.Equal(picture.GetProperty("recorded").GetString(), picture.GetProperty("label").GetString());
            Assert.True(picture.GetProperty("cosine").GetDouble() >= 0.999);
            if (picture.GetProperty("file").GetString()!.EndsWith(".png", StringComparison.Ordinal))
                Assert.True(picture.GetProperty("maxAbs").GetDouble() <= 1e-4);
        }
        string page = File.ReadAllText(Path.Combine(folder, "demo.html"));
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        Assert.Contains("Everything agrees with PyTorch", page, StringComparison.Ordinal);

        string manifest = Path.Combine(folder, "PE-Demo-T8-64.json"), vision = Path.Combine(folder, "PE-Demo-T8-64.vision.pte");
        Assert.Equal(0, Tool.Run("inspect", vision).Code);
        Assert.Equal(0, Tool.Run("bench", vision, "--duration", "0.1", "--ops").Code);
        string broken = Path.Combine(folder, "broken.png");
        File.WriteAllText(broken, "no picture");
        var classified = Tool.Run("classify", Path.Combine(Tool.Samples, "pictures", "demo_02.png"), broken, "--model", manifest, "--labels", "red circle,yellow heart", "--format", "json");
        Assert.Equal(4, classified.Code);
        using var answers = JsonDocument.Parse(classified.Output);
        var both = answers.RootElement.GetProperty("pictures");
        Assert.Equal("yellow heart", both[0].GetProperty("labels")[0].GetProperty("label").GetString());
        Assert.Contains("expected", both[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(4, Tool.Run("convert", Path.Combine(Tool.Samples, "PE-Demo-T8-64.pt"), "-o", folder).Code);
        Assert.Equal(2, Tool.Run("classify", broken, "--model", manifest, "--labels", " , ").Code);
        Directory.Delete(folder, recursive: true);
    }
}
