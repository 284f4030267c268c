using System.IO.Compression;
using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Vision.Text;

namespace ExecuSharp.Tests.Unit.Vision.Text;

public class ClipTokenizerTests
{
    // 'a' is symbol 64: the printable bytes come first, from '!'.
    private const int A = 'a' - '!', B = 'b' - '!', EndOfWord = 256;

    private static readonly byte[] Merges = "header\na b\nab a</w>\na a</w>\n"u8.ToArray();

    [Fact]
    public void Merges_apply_in_their_order()
    {
        var tokenizer = ClipTokenizer.Load(Merges, 517);
        Assert.Equal((515, 516), (tokenizer.StartToken, tokenizer.EndToken));
        Assert.Equal([513], tokenizer.Encode("aba"));
        Assert.Equal([514], tokenizer.Encode("AA"));
        Assert.Equal([512, B + EndOfWord, A + EndOfWord], tokenizer.Encode("abb a"));
    }

    [Fact]
    public void Only_the_first_merges_are_used()
    {
        var tokenizer = ClipTokenizer.Load(Merges, 515);
        Assert.Equal([512, A + EndOfWord], tokenizer.Encode("aba"));
    }

    [Fact]
    public void Compressed_files_are_the_same()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Merges);
        Assert.Equal([513], ClipTokenizer.Load(packed.ToArray(), 517).Encode("aba"));
    }

    [Fact]
    public void Rows_are_cut_and_padded()
    {
        var tokenizer = ClipTokenizer.Load(Merges, 517);
        Assert.Equal([515, 513, 516, 0, 0], tokenizer.Tokenize("aba", 5));
        Assert.Equal([515, 513, 516], tokenizer.Tokenize("aba aba aba", 3));
        Assert.Equal([515, 516, 0], tokenizer.Tokenize("", 3));
        var row = new long[6];
        Assert.Equal(2, tokenizer.Tokenize("aba<end_of_text>aba", row));
        Assert.Equal([515, 513, 516, 513, 516, 0], row);
    }

    [Theory]
    [InlineData("it's 10 o'clock!!", new[] { "it", "'s", "1", "0", "o", "'", "clock", "!!" })]
    [InlineData("we'll've", new[] { "we", "'ll", "'ve" })]
    [InlineData("<start_of_text>x", new[] { "<start_of_text>", "x" })]
    [InlineData("!<start_of_text>", new[] { "!<", "start", "_", "of", "_", "text", ">" })]
    [InlineData("\U0001D518a\U0001F600\U0001D7CF", new[] { "\U0001D518a", "\U0001F600", "\U0001D7CF" })]
    public void Text_is_split_into_pieces(string text, string[] expected)
    {
        var pieces = new List<string>();
        for (int at = 0; TextSplitter.Next(text, ref at) is { } piece;)
            pieces.Add(piece);
        Assert.Equal(expected, pieces);
    }

    [Fact]
    public void Broken_files_are_refused()
    {
        Assert.Contains("517", Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load(Merges, 1031)).Expected);
        Assert.Equal("line 3", Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load("h\na b\nxyz c\n"u8, 516)).Place);
        Assert.Equal("line 2", Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load("h\na b c\n"u8, 515)).Place);
        Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load([0x1F, 0x8B, 1, 2, 3], 515));
        Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load([(byte)'h', 10, 0xFF, 0xFF, (byte)' ', 0xFF], 515));
        Assert.Throws<ModelFormatException>(() => ClipTokenizer.Load([], 515));
    }

    [Fact]
    public void Mutated_files_throw_nothing_else()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(Merges);
        byte[] file = packed.ToArray();
        var random = new Random(7);
        for (int round = 0; round < 500; round++)
        {
            byte[] broken = (round % 2 == 0 ? file : Merges).ToArray();
            broken[random.Next(broken.Length)] = (byte)random.Next(256);
            try
            {
                ClipTokenizer.Load(broken, 517);
            }
            catch (ModelFormatException)
            {
            }
        }
    }

    [Fact]
    public void Templates_take_labels()
    {
        Assert.Equal("a photo of a cat.", new PromptTemplate("a photo of a {}.").Fill("cat"));
        Assert.Equal("a cat", new PromptTemplate("a {}").Fill("c<end_of_<end_of_text>text>at"));
        Assert.Equal(["a x", "the x", "a y", "the y"], PromptTemplate.Fill([new("a {}"), new("the {}")], ["x", "y"]));
        Assert.Equal("an owl", new PromptTemplate("a {}").Fill("owl", adaptArticle: true));
        Assert.Equal("a photo of an owl.", new PromptTemplate("a photo of a {}.").Fill("owl", adaptArticle: true));
        Assert.Equal("a photo of a owl.", new PromptTemplate("a photo of a {}.").Fill("owl"));
        Assert.Throws<ArgumentException>(() => new PromptTemplate("no place"));
    }
}
