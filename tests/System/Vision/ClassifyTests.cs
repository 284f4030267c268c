using System.Text.Json;

namespace ExecuSharp.Tests.System.Vision;

/// <summary>The verb <c>classify</c> on the trained demonstration model.</summary>
public sealed class ClassifyTests(ConvertedDemo demo) : IClassFixture<ConvertedDemo>
{
    [Fact]
    public void Labels_of_a_file_give_PyTorchs_answers_and_their_embeddings_are_kept()
    {
        string cache = Path.Combine(demo.Folder, "cache"), csv = Path.Combine(demo.Folder, "answers.csv");
        string[] args = [Path.Combine(Tool.Samples, "pictures"), "--labels", ConvertedDemo.LabelsFile, "--label-set", "objects", "--cache", cache, "--csv", csv, "--overwrite"];
        var (code, document) = demo.Classify(args);
        Assert.Equal(0, code);
        Assert.Equal("words", document.GetProperty("method").GetString());
        var pictures = document.GetProperty("pictures").EnumerateArray().ToList();
        Assert.Equal(43, pictures.Count);
        Assert.All(pictures, p => Assert.Equal(demo.Recorded(Path.GetFileName(p.GetProperty("file").GetString()!)), Best(p)));
        string kept = Assert.Single(Directory.GetFiles(cache));
        var written = File.GetLastWriteTimeUtc(kept);
        Assert.Equal(pictures.Select(Best), demo.Classify(args).Document.GetProperty("pictures").EnumerateArray().Select(Best));
        Assert.Equal(written, File.GetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(cache))));
        var lines = File.ReadAllLines(csv);
        Assert.Equal("file,error,unknown,label_1,probability_1,cosine_1,label_2,probability_2,cosine_2,label_3,probability_3,cosine_3", lines[0]);
        Assert.Equal(44, lines.Length);
        Assert.All(lines[1..].Zip(pictures), l => Assert.Contains($",{Best(l.Second)},", l.First, StringComparison.Ordinal));
    }

    [Fact]
    public void Templates_of_the_command_line_are_averaged()
    {
        string picture = ConvertedDemo.PathOf("demo_02.png");
        float One(params string[] templates) => Cosine(demo.Classify([picture, "--labels", "yellow heart,red circle", .. templates.SelectMany(t => new[] { "--template", t })]).Document);
        float first = One("a picture of a {}."), second = One("{}"), both = One("a picture of a {}.", "{}");
        Assert.NotEqual(first, second);
        Assert.NotEqual(first, both);
        Assert.InRange(both, Math.Min(first, second) - 0.02f, Math.Max(first, second) + 0.1f);
        Assert.Equal(2, Tool.Run("classify", picture, "--model", demo.Manifest, "--labels", "a,b", "--template", "no place").Code);
    }

    [Theory]
    [InlineData("--prototypes", "prototypes")]
    [InlineData("--neighbours", "neighbours")]
    public void Example_pictures_teach_colours(string option, string method)
    {
        var singles = demo.Kind("single");
        string examples = demo.Arrange(singles.Where((_, i) => i % 2 == 0));
        var known = singles.Where((_, i) => i % 2 == 0).Select(s => s.Color).ToHashSet();
        var held = singles.Where((_, i) => i % 2 == 1).Where(s => known.Contains(s.Color)).ToList();
        var (code, document) = demo.Classify([.. held.Select(h => ConvertedDemo.PathOf(h.Picture)), option, examples, "--k", "1"]);
        Assert.Equal((0, method), (code, document.GetProperty("method").GetString()));
        int right = document.GetProperty("pictures").EnumerateArray().Zip(held).Count(p => Best(p.First) == p.Second.Color);
        Assert.True(held.Count >= 10 && right >= held.Count * 0.7, $"{right} of {held.Count}");
        Directory.Delete(examples, recursive: true);
    }

    [Fact]
    public void Unknown_is_calibrated_from_pictures_that_show_nothing()
    {
        string known = demo.Arrange(demo.Kind("single").Select(s => (s.Picture, ""))), none = demo.Arrange(demo.Kind("none").Select(s => (s.Picture, "")));
        string objects = string.Join(',', demo.Kind("single").Select(s => demo.Recorded(s.Picture)).Distinct());
        string[] words = [known, none, "--labels", objects, "--template", "{}"];
        var (code, document) = demo.Classify([.. words, "--unknown", none, "--known", known]);
        Assert.Equal(0, code);
        int nothing = demo.Kind("none").Count;
        var unknown = document.GetProperty("pictures").EnumerateArray().Select(p => p.GetProperty("unknown").GetBoolean()).ToList();
        Assert.True(unknown.SkipLast(nothing).Count(u => u) + unknown.TakeLast(nothing).Count(u => !u) <= 3, string.Join(' ', unknown));
        float limit = document.GetProperty("unknownBelow").GetSingle();
        Assert.InRange(limit, 0.01f, 0.99f);
        Assert.All(demo.Classify([.. words, "--unknown", "1"]).Document.GetProperty("pictures").EnumerateArray(), p => Assert.True(p.GetProperty("unknown").GetBoolean()));
        Assert.All(demo.Classify([.. words, "--unknown", "-1"]).Document.GetProperty("pictures").EnumerateArray(), p => Assert.False(p.GetProperty("unknown").GetBoolean()));
        Directory.Delete(known, recursive: true);
        Directory.Delete(none, recursive: true);
    }

    [Fact]
    public void A_broken_picture_among_good_ones_is_named_and_the_others_are_answered()
    {
        string folder = demo.Arrange([("demo_02.png", ""), ("demo_03.png", "")]), csv = Path.Combine(folder, "answers.csv");
        byte[] good = File.ReadAllBytes(ConvertedDemo.PathOf("demo_02.png"));
        File.WriteAllBytes(Path.Combine(folder, "demo_02b.png"), good[..(good.Length / 2)]);
        var (code, document) = demo.Classify([folder, "--labels", "yellow heart,red circle", "--csv", csv]);
        Assert.Equal(4, code);
        var pictures = document.GetProperty("pictures").EnumerateArray().ToList();
        Assert.Equal(["demo_02.png", "demo_02b.png", "demo_03.png"], pictures.Select(p => Path.GetFileName(p.GetProperty("file").GetString())));
        Assert.Equal([true, false, true], pictures.Select(p => p.GetProperty("error").ValueKind == JsonValueKind.Null));
        Assert.Equal([2, 0, 2], pictures.Select(p => p.GetProperty("labels").ValueKind == JsonValueKind.Null ? 0 : p.GetProperty("labels").GetArrayLength()));
        Assert.Contains("demo_02b.png", File.ReadAllLines(csv)[2], StringComparison.Ordinal);
        Assert.Equal(4, Tool.Run("classify", folder, "--model", demo.Manifest, "--labels", "a,b", "--csv", csv).Code);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Wrong_command_lines_are_2_and_folders_without_pictures_4()
    {
        string empty = Tool.TemporaryFolder(), list = Path.Combine(empty, "labels.txt"), picture = ConvertedDemo.PathOf("demo_02.png");
        File.WriteAllText(list, "# none\n\n");
        int Code(params string[] args) => Tool.Run(["classify", "--model", demo.Manifest, .. args]).Code;
        Assert.Equal(2, Code(picture, "--labels", " , "));
        Assert.Equal(2, Code(picture, "--labels", list));
        Assert.Equal(2, Code(picture));
        Assert.Equal(2, Code(picture, "--labels", ConvertedDemo.LabelsFile));
        Assert.Equal(2, Code(picture, "--labels", "a", "--prototypes", empty));
        Assert.Equal(2, Code(picture, "--labels", "a", "--unknown", "2"));
        Assert.Equal(2, Code(picture, "--labels", "a", "--unknown", empty));
        Assert.Equal(4, Code(picture, "--prototypes", empty));
        Assert.Equal(4, Code(empty, "--labels", "a"));
        Directory.Delete(empty, recursive: true);
    }

    private static string Best(JsonElement picture) => picture.GetProperty("labels")[0].GetProperty("label").GetString()!;

    private static float Cosine(JsonElement document) => document.GetProperty("pictures")[0].GetProperty("labels").EnumerateArray().First(l => l.GetProperty("label").GetString() == "yellow heart").GetProperty("cosine").GetSingle();
}
