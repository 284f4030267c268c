using ExecuSharp.Vision.Text;
using ExecuSharp.Vision.Text.Html;
using ExecuSharp.Vision.Text.Repair;
using ExecuSharp.Vision.Text.Unicode;

namespace ExecuSharp.Tests.Unit.Vision.Text;

public class TextCleanerTests
{
    [Theory]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u212B\u2126", "\u00C5\u03A9")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("a\u0327\u0300", "\u00E0\u0327")]
    [InlineData("a\u0300\u0300", "\u00E0\u0300")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    public void Normalization_form_C(string text, string expected) => Assert.Equal(expected, CanonicalComposition.Normalize(text));

    [Theory]
    [InlineData("İ", "i\u0307")]
    [InlineData("ΟΔΟΣ", "οδος")]
    [InlineData("Σ", "σ")]
    [InlineData("ΑΣ.", "ας.")]
    [InlineData("ΑΣ.Α", "ασ.α")]
    [InlineData("\U00010400", "\U00010428")]
    [InlineData("ẞ", "ß")]
    public void Lower_case(string text, string expected) => Assert.Equal(expected, LowerCase.Convert(text));

    [Theory]
    [InlineData("&lt;&gt&amp;&quot", "<>&\"")]
    [InlineData("&notin; &notit;", "∉ ¬it;")]
    [InlineData("&#65;&#x42&#X43;", "ABC")]
    [InlineData("&#128;&#xD800;&#0;&#1;", "€\uFFFD\uFFFD")]
    [InlineData("&#99999999999999999999;", "\uFFFD")]
    [InlineData("&; & &# &x; &#x;", "&; & &# &x; &#x;")]
    [InlineData("&fjlig;", "fj")]
    public void Html_references(string text, string expected) => Assert.Equal(expected, HtmlReferences.Unescape(text));

    [Theory]
    [InlineData("voilÃ\u00A0 le travail", "voilà le travail")]
    [InlineData("voilÃ le travail", "voilà le travail")]
    [InlineData("â€œ like this â€\uFFFD", "\" like this \uFFFD")]
    [InlineData("Ð¿Ñ€Ð¸Ð²ÐµÑ‚", "привет")]
    [InlineData("ÃƒÂ©", "é")]
    [InlineData("P&EACUTE;REZ", "PÉREZ")]
    [InlineData("&lt;b&gt; <", "&lt;b&gt; <")]
    [InlineData("naïve café — “ok”", "naïve café — \"ok\"")]
    [InlineData("ﾊﾟﾝ ￮ ﾾ ￣", "パン ○ ᄒ ̄")]
    [InlineData("ÀÉÎ", "ÀÉÎ")]
    [InlineData("Москва", "Москва")]
    public void Repair(string text, string expected) => Assert.Equal(CanonicalComposition.Normalize(expected.Replace(" ̄", "  \u0304")), TextRepair.Fix(text));

    [Fact]
    public void Lone_surrogates_are_replaced() => Assert.Equal("a\uFFFDb", TextRepair.Fix("a\uD800b"));

    [Fact]
    public void Any_text_is_cleaned_without_failing()
    {
        var random = new Random(3);
        for (int round = 0; round < 3000; round++)
        {
            var text = new char[random.Next(20)];
            for (int i = 0; i < text.Length; i++)
            {
                int limit = random.Next(4) switch { 0 => 0x80, 1 => 0x180, 2 => 0x2200, _ => 0x10000 };
                text[i] = (char)random.Next(limit);
            }
            string clean = ClipTokenizer.Clean(new string(text));
            Assert.Equal(clean.Trim(), clean);
        }
    }
}
