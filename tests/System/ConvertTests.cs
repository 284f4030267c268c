using System.Text.Json;
using System.Text.Json.Nodes;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Models.Checkpoints;

namespace ExecuSharp.Tests.System;

/// <summary>The verb <c>convert</c> on checkpoints, split checkpoints and folders.</summary>
public sealed class ConvertTests : IDisposable
{
    private readonly string folder = Tool.TemporaryFolder();

    private static string Demo => Path.Combine(Tool.Samples, "PE-Demo-T8-64.pt");

    [Fact]
    public void Split_weights_give_the_same_programs_and_are_one_source_of_a_folder()
    {
        string split = Path.Combine(folder, "split");
        Split(split, "demo");
        var whole = Programs(Converted(0, Demo, "-o", Path.Combine(folder, "whole")));
        Assert.Equal(["text", "vision"], whole.Keys.Order());
        var byIndex = Converted(0, Path.Combine(split, "demo.safetensors.index.json"), "-o", Path.Combine(folder, "index"));
        Assert.Equal(whole, Programs(byIndex));
        Assert.True(File.Exists(Path.Combine(folder, "index", "demo.vision.pte")));
        Assert.Equal(whole, Programs(Converted(0, split, "-o", Path.Combine(folder, "batch"))));
        File.Delete(Path.Combine(split, "demo-00002-of-00002.safetensors"));
        Assert.Equal(4, Tool.Run("convert", split, "-o", Path.Combine(folder, "broken")).Code);
        Assert.False(Directory.Exists(Path.Combine(folder, "broken")));
    }

    [Fact]
    public void The_manifest_of_a_former_conversion_is_no_configuration()
    {
        File.Copy(Demo, Path.Combine(folder, "demo.pt"));
        File.Copy(Path.Combine(Tool.Samples, "model.json"), Path.Combine(folder, "model.json"));
        Converted(0, Path.Combine(folder, "demo.pt"));
        Assert.True(File.Exists(Path.Combine(folder, "demo.json")));
        Assert.Equal(4, Tool.Run("convert", Path.Combine(folder, "demo.pt")).Code);
        Converted(0, Path.Combine(folder, "demo.pt"), "--overwrite");
        Assert.DoesNotContain(Directory.GetFiles(folder), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void One_bad_file_of_a_folder_does_not_stop_the_others()
    {
        File.Copy(Demo, Path.Combine(folder, "b.pt"));
        File.Copy(Path.Combine(Tool.Samples, "model.json"), Path.Combine(folder, "model.json"));
        File.WriteAllText(Path.Combine(folder, "a.pt"), "text");
        SafeTensorsWriter.Write(Path.Combine(folder, "c.safetensors"), [KeyValuePair.Create("w", Tensor.From<float>([1, 2], 2))]);
        string output = Path.Combine(folder, "out");
        var document = Converted(4, folder, "-o", output).GetProperty("conversions");
        Assert.Equal(3, document.GetArrayLength());
        Assert.Contains("a.pt", document[0].GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.Contains("expected", document[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("no architecture known by name", document[2].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(["b.json", "b.text.pte", "b.vision.pte"], Directory.GetFiles(output).Select(Path.GetFileName).Where(f => !f!.EndsWith(".gz", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Another_image_size_is_recorded_with_its_convention()
    {
        Converted(0, Demo, "-o", folder, "--input-shape", "1,3,96,64");
        var manifest = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "PE-Demo-T8-64.json")))!;
        Assert.Equal("official", (string?)manifest["positions"]);
        Assert.Equal((96, 64), ((int)manifest["image"]!["height"]!, (int)manifest["image"]!["width"]!));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static JsonElement Converted(int code, params string[] args)
    {
        var (found, output, error) = Tool.Run(["convert", "--format", "json", .. args]);
        Assert.True(found == code, error);
        return JsonDocument.Parse(output).RootElement;
    }

    private static Dictionary<string, string> Programs(JsonElement document) =>
        document.GetProperty("conversions")[0].GetProperty("programs").EnumerateArray().ToDictionary(p => p.GetProperty("name").GetString()!, p => p.GetProperty("sha256").GetString()!);

    private static void Split(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        using var checkpoint = Checkpoint.Open(Demo);
        var map = new JsonObject();
        for (int part = 0; part < 2; part++)
        {
            string file = $"{name}-{part + 1:D5}-of-00002.safetensors";
            var mine = checkpoint.Names.Where((_, i) => i % 2 == part).ToList();
            SafeTensorsWriter.Write(Path.Combine(folder, file), mine.Select(n => KeyValuePair.Create(n, checkpoint.Tensors[n].ToTensor())));
            foreach (string tensor in mine)
                map[tensor] = file;
        }
        File.WriteAllText(Path.Combine(folder, name + ".safetensors.index.json"), new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
        File.Copy(Path.Combine(Tool.Samples, "model.json"), Path.Combine(folder, "model.json"));
    }
}
