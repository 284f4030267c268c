using ExecuSharp.Core;
using ExecuSharp.Models.Embeddings;
using ExecuSharp.Models.Manifest;
using ExecuSharp.Vision.Classification;
using ExecuSharp.Vision.Embedding;

namespace ExecuSharp.Tests.Unit.Vision.Classification;

public class ClassifierTests
{
    private static readonly ClassMatrix Axes = new(["x", "y"], Tensor.From<float>([1, 0, 0, 1], 2, 2));

    [Fact]
    public void Cosine_scores_are_sorted_and_sum_to_one()
    {
        var scores = new CosineClassifier(Axes, MathF.Log(10)).Score([3, 4]);
        Assert.Equal(["y", "x"], scores.Select(s => s.Label));
        Assert.Equal(0.8f, scores[0].Cosine, 1e-6f);
        Assert.Equal(8f, scores[0].Logit, 1e-5f);
        Assert.Equal(1 / (1 + Math.Exp(-2)), scores[0].Probability, 1e-6);
        Assert.Equal(1f, scores.Sum(s => s.Probability), 1e-6f);
    }

    [Fact]
    public void A_large_scale_does_not_overflow() => Assert.Equal(1f, new CosineClassifier(Axes, 20).Score([1, 0])[0].Probability);

    [Fact]
    public void Neighbours_vote()
    {
        var classifier = new NeighbourClassifier([("a", [1, 0.1f]), ("a", [1, 0.2f]), ("b", [1, 0]), ("c", [0, 1])], neighbours: 3, temperature: 1);
        var scores = classifier.Score([1, 0]);
        Assert.Equal(["a", "b", "c"], scores.Select(s => s.Label));
        Assert.Equal(0, scores[2].Probability);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new CosineClassifier(Axes, 1).Score([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new ClassMatrix([], Tensor.Empty(ScalarType.Float, [0, 2])));
        Assert.Throws<ArgumentException>(() => new NeighbourClassifier([]));
        Assert.Throws<ArgumentException>(() => CosineClassifier.FromPrototypes([], 1));
    }

    [Theory]
    [InlineData(new[] { 0.5f, 0.6f, 0.7f }, new[] { 0.1f, 0.2f }, 0.35f)]
    [InlineData(new[] { 0.5f, 0.6f }, new[] { 0.1f, 0.55f }, 0.3f)]
    public void Calibration_separates(float[] known, float[] unknown, float limit) => Assert.Equal(limit, UnknownRule.Calibrate(known, unknown), 1e-6f);

    [Fact]
    public void Calibration_without_unknown_pictures_keeps_a_share() =>
        Assert.Equal(6f, UnknownRule.Calibrate([.. Enumerable.Range(1, 100).Select(i => (float)i)], []));

    [Fact]
    public void Embeddings_are_made_once_for_a_model_and_its_labels()
    {
        string folder = Path.Combine(Path.GetTempPath(), "execusharp-cache-" + Guid.NewGuid().ToString("N"));
        try
        {
            var cache = new TextEmbeddingCache(folder);
            int made = 0;
            ClassMatrix Make()
            {
                made++;
                return Axes;
            }
            var labels = new LabelSet("set", ["x", "y"], ["a {}"]);
            cache.GetOrAdd("hash", labels, Make);
            var again = cache.GetOrAdd("hash", labels, Make);
            Assert.Equal(1, made);
            Assert.Equal(Axes.Matrix.Bytes, again.Matrix.Bytes);
            cache.GetOrAdd("other", labels, Make);
            cache.GetOrAdd("hash", labels with { Templates = [] }, Make);
            Assert.Equal(3, made);
            foreach (string file in Directory.GetFiles(folder))
                File.WriteAllText(file, "broken");
            cache.GetOrAdd("hash", labels, Make);
            Assert.Equal(4, made);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
