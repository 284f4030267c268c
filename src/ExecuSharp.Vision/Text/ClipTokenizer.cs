using System.Collections.Concurrent;
using ExecuSharp.Core;

namespace ExecuSharp.Vision.Text;

/// <summary>
/// The byte-pair tokenizer of CLIP and Perception Encoder (open_clip's SimpleTokenizer): text is cleaned, split into letters, digits and other runs, and
/// the UTF-8 bytes of each piece are merged in the order of the merge file. Safe for concurrent use.
/// </summary>
public sealed class ClipTokenizer
{
    /// <summary>Rows of the token table of the released models.</summary>
    public const int DefaultVocabularySize = 49408;

    // Bounds the memory of a long-lived tokenizer; pieces beyond are merged each time.
    private const int MaxCachedPieces = 1 << 14;

    private readonly BytePairMerges merges;
    private readonly ConcurrentDictionary<string, int[]> cache = new();

    private ClipTokenizer(BytePairMerges merges) => this.merges = merges;

    /// <summary>Ids are below this.</summary>
    public int VocabularySize => merges.Count + 514;

    /// <summary>Id of the start of text, <see cref="VocabularySize"/> - 2.</summary>
    public int StartToken => VocabularySize - 2;

    /// <summary>Id of the end of text, <see cref="VocabularySize"/> - 1.</summary>
    public int EndToken => VocabularySize - 1;

    /// <summary>Reads a merge file: <c>bpe_simple_vocab_16e6.txt.gz</c> or its first lines, compressed or not.</summary>
    /// <param name="mergeFile">A header line, then a merge a line: two symbols with a space between.</param>
    /// <param name="vocabularySize">Rows of the model's token table: the first <c>vocabularySize - 514</c> merges are used.</param>
    /// <exception cref="ModelFormatException">The file is broken or has fewer merges.</exception>
    public static ClipTokenizer Load(ReadOnlySpan<byte> mergeFile, int vocabularySize = DefaultVocabularySize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabularySize, 514);
        return new ClipTokenizer(BytePairMerges.Parse(mergeFile, vocabularySize - 514));
    }

    /// <summary>The text as it is split: broken encodings repaired, HTML references resolved, white space collapsed, lower case.</summary>
    public static string Clean(string text) => TextCleaner.Clean(text);

    /// <summary>Ids without start and end. The words <c>&lt;start_of_text&gt;</c> and <c>&lt;end_of_text&gt;</c> in the text become their ids.</summary>
    public int[] Encode(string text)
    {
        var ids = new List<int>();
        string clean = Clean(text);
        for (int at = 0; TextSplitter.Next(clean, ref at) is { } piece;)
        {
            if (piece == TextSplitter.StartOfText)
                ids.Add(StartToken);
            else if (piece == TextSplitter.EndOfText)
                ids.Add(EndToken);
            else
                ids.AddRange(Merge(piece));
        }
        return [.. ids];
    }

    /// <summary>Fills a row of the model's input: start, ids, end, zeros. What does not fit is cut and the last id is then the end.</summary>
    /// <param name="text">Any text, also empty.</param>
    /// <param name="row">As long as the model's context, at least 2.</param>
    /// <returns>The position that the text tower pools: the first largest id, which is the first end.</returns>
    public int Tokenize(string text, Span<long> row)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(row.Length, 2, nameof(row));
        int[] ids = Encode(text);
        row.Clear();
        row[0] = StartToken;
        int count = Math.Min(ids.Length, row.Length - 2);
        for (int i = 0; i < count; i++)
            row[i + 1] = ids[i];
        row[count + 1] = EndToken;
        return row.IndexOf(EndToken);
    }

    /// <summary>As <see cref="Tokenize(string, Span{long})"/>, in a new row.</summary>
    public long[] Tokenize(string text, int contextLength)
    {
        var row = new long[contextLength];
        Tokenize(text, row);
        return row;
    }

    private int[] Merge(string piece)
    {
        if (cache.TryGetValue(piece, out var known))
            return known;
        var ids = merges.Apply(piece);
        if (cache.Count < MaxCachedPieces)
            cache.TryAdd(piece, ids);
        return ids;
    }
}
