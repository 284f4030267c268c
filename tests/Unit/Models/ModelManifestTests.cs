using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Models.Manifest;

namespace ExecuSharp.Tests.Unit.Models;

public class ModelManifestTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var manifest = new ModelManifest
        {
            Name = "PE-Core-T16-384",
            Family = "PerceptionEncoder",
            SourceSha256 = "ab",
            Programs = [new ProgramEntry("vision", "vision.pte", "cd", "int8")],
            Image = new ImageInput(384, 384),
            Text = new TextInput(32, 49408) { MergesFile = "bpe.txt.gz" },
            EmbeddingDim = 512,
            LogitScale = 4.6f,
            Labels = [new LabelSet("animals", ["cat", "dog"], ["a photo of a {}"])],
        };
        byte[] json = manifest.ToJson();
        var read = ModelManifest.Parse(json);
        Assert.Equal(json, read.ToJson());
        Assert.Equal("int8", read.Find("vision")!.Precision);
        Assert.Equal(["cat", "dog"], read.Labels[0].Labels);
        Assert.Contains("\"logit_scale\": 4.6", Encoding.UTF8.GetString(json), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"name\": null, \"family\": \"x\"}")]
    [InlineData("{\"name\": \"n\", \"family\": \"f\", \"schema\": \"other/1\"}")]
    [InlineData("{\"name\": \"n\", \"family\": \"f\", \"image\": {\"height\": 3}}")]
    [InlineData("{\"name\": \"n\", \"family\": \"f\", \"labels\": [{\"name\": \"a\"}]}")]
    public void Other_bytes_are_refused(string json) => Assert.Throws<ModelFormatException>(() => ModelManifest.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_missing_file_is_named() => Assert.Equal("no-such-file.json", Assert.Throws<ModelFormatException>(() => ModelManifest.Read("no-such-file.json")).File);
}
