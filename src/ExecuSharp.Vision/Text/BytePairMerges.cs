using System.IO.Compression;
using System.Text;
using ExecuSharp.Core;

namespace ExecuSharp.Vision.Text;

/// <summary>
/// The merges and the ids of their results. Ids: the 256 byte symbols in the order of their printable stand-ins, the same at the end of a word, then one
/// for each merge.
/// </summary>
internal sealed class BytePairMerges
{
    private const int MaxTextLength = 64 << 20;
    private const int EndOfWord = 256;

    private readonly Dictionary<(int Left, int Right), (int Rank, int Id)> pairs;
    private readonly int[] byteIds;

    private BytePairMerges(Dictionary<(int, int), (int, int)> pairs, int[] byteIds, int count)
    {
        this.pairs = pairs;
        this.byteIds = byteIds;
        Count = count;
    }

    /// <summary>Merges in use.</summary>
    public int Count { get; }

    public static BytePairMerges Parse(ReadOnlySpan<byte> file, int count)
    {
        var lines = ReadLines(file, count);
        var (byteIds, symbols) = ByteSymbols();
        var ids = new Dictionary<string, int>(512 + count, StringComparer.Ordinal);
        for (int i = 0; i < 256; i++)
        {
            ids[symbols[i].ToString()] = i;
            ids[symbols[i] + "</w>"] = i + EndOfWord;
        }
        // A result that two merges give has the id of the last.
        for (int i = 0; i < lines.Count; i++)
            ids[lines[i].Left + lines[i].Right] = 2 * EndOfWord + i;
        var pairs = new Dictionary<(int, int), (int, int)>(count);
        for (int i = 0; i < lines.Count; i++)
        {
            var (left, right) = lines[i];
            if (!ids.TryGetValue(left, out int l) || !ids.TryGetValue(right, out int r))
                throw new ModelFormatException($"line {i + 2}", "symbols that are bytes or results of merges", $"{left} {right}");
            pairs[(l, r)] = (i, ids[left + right]);
        }
        return new BytePairMerges(pairs, byteIds, count);
    }

    /// <summary>Ids of one piece of text: its bytes, the last marked as end of word, merged by the lowest rank until nothing fits.</summary>
    public int[] Apply(string piece)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(piece);
        var ids = new int[bytes.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = byteIds[bytes[i]];
        if (ids.Length > 0)
            ids[^1] += EndOfWord;
        int length = ids.Length;
        while (length > 1)
        {
            var best = (Rank: int.MaxValue, Id: 0);
            var bestPair = (0, 0);
            for (int i = 0; i + 1 < length; i++)
            {
                if (pairs.TryGetValue((ids[i], ids[i + 1]), out var found) && found.Rank < best.Rank)
                    (best, bestPair) = (found, (ids[i], ids[i + 1]));
            }
            if (best.Rank == int.MaxValue)
                break;
            int kept = 0;
            for (int i = 0; i < length; i++)
            {
                bool merge = i + 1 < length && (ids[i], ids[i + 1]) == bestPair;
                ids[kept++] = merge ? best.Id : ids[i];
                i += merge ? 1 : 0;
            }
            length = kept;
        }
        return ids[..length];
    }

    // '!' to '~', U+00A1 to U+00AC, U+00AE to U+00FF stand for themselves and come first; the other bytes, in order, are U+0100 and up.
    private static (int[] IdOfByte, char[] Symbols) ByteSymbols()
    {
        var idOfByte = new int[256];
        var symbols = new char[256];
        int next = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            int extra = 0x100;
            for (int b = 0; b < 256; b++)
            {
                bool printable = b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE;
                if (printable != (pass == 0))
                    continue;
                symbols[next] = (char)(printable ? b : extra++);
                idOfByte[b] = next++;
            }
        }
        return (idOfByte, symbols);
    }

    private static List<(string Left, string Right)> ReadLines(ReadOnlySpan<byte> file, int count)
    {
        bool compressed = file.Length >= 2 && file[0] == 0x1F && file[1] == 0x8B;
        var lines = new List<(string, string)>(Math.Min(count, file.Length * 4));
        using var stream = new MemoryStream(file.ToArray());
        try
        {
            using var source = compressed ? new GZipStream(stream, CompressionMode.Decompress) : (Stream)stream;
            using var reader = new StreamReader(source, new UTF8Encoding(false, true));
            reader.ReadLine();
            int length = 0;
            while (lines.Count < count)
            {
                string line = reader.ReadLine() ?? throw new ModelFormatException($"line {lines.Count + 2}", $"{count} merges", $"{lines.Count}");
                length += line.Length;
                string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (parts.Length != 2 || length > MaxTextLength)
                    throw new ModelFormatException($"line {lines.Count + 2}", "two symbols", $"{parts.Length} in a line of {line.Length} characters");
                lines.Add((parts[0], parts[1]));
            }
        }
        catch (Exception e) when (e is InvalidDataException or DecoderFallbackException)
        {
            throw new ModelFormatException("merge file", "UTF-8 text, plain or gzip", e.Message, inner: e);
        }
        return lines;
    }
}
