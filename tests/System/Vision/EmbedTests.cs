using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Vision.Embedding;
using Microsoft.Extensions.AI;

namespace ExecuSharp.Tests.System.Vision;

/// <summary>Embeddings of the demonstration model against PyTorch's.</summary>
public sealed class EmbedTests(ConvertedDemo demo) : IClassFixture<ConvertedDemo>
{
    private const double Tolerance = 2e-5;

    [Fact]
    public void Pictures_match_the_recorded_embeddings()
    {
        string target = Path.Combine(demo.Folder, "images.safetensors");
        var (code, _, error) = Tool.Run(["embed", "--model", demo.Manifest, "-o", target, .. demo.Order.Select(ConvertedDemo.PathOf)]);
        Assert.True(code == 0, error);
        using var made = SafeTensorsFile.Open(target);
        Compare(Recorded("image_embedding"), made.GetTensor("embeddings"));
        Assert.Equal(demo.Order.Select(ConvertedDemo.PathOf), Enumerable.Range(0, demo.Order.Count).Select(i => made.Metadata[$"input.{i:D6}"]));
        Assert.Equal(4, Tool.Run("embed", "--model", demo.Manifest, "-o", target, ConvertedDemo.PathOf("demo_02.png")).Code);
    }

    [Fact]
    public void Texts_of_a_file_match_the_recorded_embeddings()
    {
        var labels = Models.Manifest.LabelFile.Read(ConvertedDemo.LabelsFile).Single(l => l.Name == "colors") with { AdaptArticle = true };
        string target = Path.Combine(demo.Folder, "texts.safetensors"), list = Path.Combine(demo.Folder, "texts.txt");
        File.WriteAllLines(list, LabelPrompts.Of(labels).SelectMany(p => p));
        Assert.Equal(0, Tool.Run("embed", "--model", demo.Manifest, "-o", target, "--text", list).Code);
        using var made = SafeTensorsFile.Open(target);
        Compare(Recorded("colors.text_embedding"), made.GetTensor("embeddings"));
    }

    [Fact]
    public void Unit_length_is_an_option_and_wrong_lines_are_2()
    {
        string target = Path.Combine(demo.Folder, "unit.safetensors");
        Assert.Equal(0, Tool.Run("embed", "--model", demo.Manifest, "-o", target, "--text", "a red circle", "--text", "a blue star", "--normalize").Code);
        using var made = SafeTensorsFile.Open(target);
        Assert.Equal([2, 96], made.GetTensor("embeddings").Sizes.ToArray());
        Assert.Equal(1, made.GetTensor("embeddings").Span<float>()[..96].ToArray().Sum(v => v * v), 1e-5f);
        Assert.Equal(2, Tool.Run("embed", "--model", demo.Manifest, "-o", target, "--overwrite").Code);
        Assert.Equal(2, Tool.Run("embed", "--model", demo.Manifest, "-o", "x.bin", "--text", "a").Code);
        Assert.Equal(4, Tool.Run("embed", "--model", demo.Manifest, "-o", Path.Combine(demo.Folder, "none.safetensors"), "nothing-here.png").Code);
        Assert.False(File.Exists(Path.Combine(demo.Folder, "none.safetensors")));
    }

    [Fact]
    public async Task Generators_of_Microsoft_Extensions_AI_give_unit_vectors_that_agree()
    {
        using IEmbeddingGenerator<DataContent, Embedding<float>> images = ImageEmbeddingGenerator.Open(demo.Manifest);
        using IEmbeddingGenerator<string, Embedding<float>> texts = TextEmbeddingGenerator.Open(demo.Manifest);
        var picture = await images.GenerateVectorAsync(new DataContent(File.ReadAllBytes(ConvertedDemo.PathOf("demo_02.png")), "image/png"));
        string[] prompts = ["a red circle", "a yellow heart", "a blue star"];
        var words = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => texts.GenerateAsync(prompts)));
        Assert.All(words, w => Assert.Equal(words[0].Select(e => e.Vector.ToArray()), w.Select(e => e.Vector.ToArray())));
        var cosines = words[0].Select(w => UnitVectors.Dot(picture.Span, w.Vector.Span)).ToList();
        Assert.Equal(1, cosines.IndexOf(cosines.Max()));
        Assert.Equal(1, UnitVectors.Dot(picture.Span, picture.Span), 1e-5f);
        int row = demo.Order.ToList().IndexOf("demo_02.png");
        Assert.True(UnitVectors.Dot(picture.Span, UnitVectors.Normalize(Recorded("image_embedding").Span<float>().Slice(row * 96, 96))) > 0.99999f);
        var facts = texts.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal((96, "ExecuSharp"), (facts.DefaultModelDimensions, facts.ProviderName));
        Assert.NotNull(texts.GetService<TextEmbeddingGenerator>());
        await Assert.ThrowsAsync<ArgumentException>(() => texts.GenerateAsync(["x"], new EmbeddingGenerationOptions { Dimensions = 5 }));
        await Assert.ThrowsAsync<ModelFormatException>(() => images.GenerateAsync([new DataContent("no picture"u8.ToArray(), "text/plain")]));
        await Assert.ThrowsAsync<ModelFormatException>(() => images.GenerateAsync([new DataContent("no picture"u8.ToArray(), "image/png")]));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => texts.GenerateAsync(prompts, cancellationToken: new CancellationToken(canceled: true)));
    }

    // JPEG pixels differ by up to one level from those that were recorded.
    private void Compare(Tensor expected, Tensor made)
    {
        Assert.Equal(expected.Sizes.ToArray(), made.Sizes.ToArray());
        int width = expected.Sizes[1];
        for (int row = 0; row < expected.Sizes[0]; row++)
        {
            var (e, m) = (expected.Span<float>().Slice(row * width, width).ToArray(), made.Span<float>().Slice(row * width, width).ToArray());
            bool jpeg = expected.Sizes[0] == demo.Order.Count && demo.Order[row].EndsWith(".jpg", StringComparison.Ordinal);
            Assert.True(UnitVectors.Dot(UnitVectors.Normalize(e), UnitVectors.Normalize(m)) > 0.999);
            if (!jpeg)
                Assert.True(e.Zip(m).Max(p => Math.Abs(p.First - p.Second)) <= Tolerance, $"row {row}: {e.Zip(m).Max(p => Math.Abs(p.First - p.Second))}");
        }
    }

    private static Tensor Recorded(string name)
    {
        using var file = SafeTensorsFile.Open(Path.Combine(Tool.Samples, "expected.safetensors"));
        return file.GetTensor(name).Clone();
    }
}
