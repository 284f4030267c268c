using System.Text.Json;
using ExecuSharp.Vision.Text;

namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>Ids of every recorded text equal open_clip's.</summary>
public class TokenizerTests
{
    private const string Folder = "perception-encoder/tokenizer/";

    private static readonly Lazy<ClipTokenizer> Full = new(() => ClipTokenizer.Load(ImagingCorpus.Read(Folder + "bpe_simple_vocab_16e6.txt.gz")));

    [Fact]
    public void Open_clip_cases_are_equal()
    {
        var wrong = new List<string>();
        int cases = 0;
        foreach (string line in Lines(ImagingCorpus.Read(Folder + "open_clip_cases.jsonl")))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            string text = root.GetProperty("text").GetString()!, clean = root.GetProperty("clean").GetString()!;
            cases++;
            string actual = ClipTokenizer.Clean(text);
            if (actual != clean)
                wrong.Add($"{root.GetProperty("name")}: clean {Escape(text)} gives {Escape(actual)}, not {Escape(clean)}");
            else if (!Numbers(root.GetProperty("encode")).SequenceEqual(Full.Value.Encode(text).Select(i => (long)i)))
                wrong.Add($"{root.GetProperty("name")}: ids of {Escape(text)}");
            foreach (int context in (int[])[32, 72, 77])
            {
                var row = new long[context];
                int pooled = Full.Value.Tokenize(text, row);
                if (actual == clean && (!Numbers(root.GetProperty("row" + context)).SequenceEqual(row) || root.GetProperty("argmax" + context).GetInt32() != pooled))
                    wrong.Add($"{root.GetProperty("name")}: row of {context}");
            }
        }
        Assert.True(cases >= 100);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {cases}:\n" + string.Join("\n", wrong));
    }

    [Fact]
    public void Handmade_cases_are_equal()
    {
        using var json = JsonDocument.Parse(ImagingCorpus.Read("perception-encoder/tokenizer_cases.json"));
        foreach (var item in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            string text = item.GetProperty("text").GetString()!;
            var row = new long[32];
            int pooled = Full.Value.Tokenize(text, row);
            Assert.Equal(Numbers(item.GetProperty("ids32")), row);
            Assert.Equal(item.GetProperty("argmax").GetInt32(), pooled);
        }
    }

    [Fact]
    public void Demo_prompts_are_equal()
    {
        var tokenizer = ClipTokenizer.Load(ImagingCorpus.Read("demo/bpe_demo_1536.txt.gz"), 2050);
        var recorded = new RecordedTensors(ImagingCorpus.Read("demo/expected.safetensors"));
        using var json = JsonDocument.Parse(ImagingCorpus.Read("demo/labels.json"));
        var templates = json.RootElement.GetProperty("templates").EnumerateArray().Select(t => new PromptTemplate(t.GetString()!)).ToArray();
        var written = json.RootElement.GetProperty("prompts");
        foreach (string list in (string[])["objects", "colors", "shapes"])
        {
            var labels = json.RootElement.GetProperty("labels").GetProperty(list).EnumerateArray().Select(e => e.GetString()!);
            // "nothing" has prompts of its own.
            string[] prompts = [.. labels.SelectMany(l => l == "nothing" ? Strings(written.GetProperty(l)) : PromptTemplate.Fill(templates, [l], adaptArticle: true))];
            int[] ids = recorded.Ints(list + ".ids"), shape = recorded.Shape(list + ".ids");
            Assert.Equal(ids.Length, prompts.Length * shape[^1]);
            for (int i = 0; i < prompts.Length; i++)
                Assert.Equal(ids.Skip(i * shape[^1]).Take(shape[^1]).Select(v => (long)v), tokenizer.Tokenize(prompts[i], shape[^1]));
        }
        foreach (var item in written.EnumerateObject().Where(p => p.Name != "nothing"))
            Assert.Equal(Strings(item.Value), PromptTemplate.Fill(templates, [item.Name], adaptArticle: true));
    }

    private static string[] Strings(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetString()!)];

    private static long[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(e => e.GetInt64())];

    private static IEnumerable<string> Lines(byte[] file)
    {
        using var reader = new StreamReader(new MemoryStream(file));
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private static string Escape(string text) => JsonSerializer.Serialize(text);
}
