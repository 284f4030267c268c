using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.Onnx;

/// <summary>TfIdfVectorizer over integers: each n-gram of the pool is compared with every window of the input.</summary>
internal static class TermFrequencies
{
    private const long MaxComparisons = 100_000;

    public static OnnxValue Apply(OnnxNode n)
    {
        var a = n.Aten;
        long[] pool = n.Ints("pool_int64s") ?? throw n.Unsupported("text");
        long[] starts = n.Ints("ngram_counts") ?? throw n.Bad("attribute ngram_counts", "none"), places = n.Ints("ngram_indexes") ?? throw n.Bad("attribute ngram_indexes", "none");
        long shortest = n.Int("min_gram_length"), longest = n.Int("max_gram_length"), skips = n.Int("max_skip_count");
        float[]? weights = n.Floats("weights");
        string mode = n.Text("mode", "TF");
        var x = a.Cast(n.X, ScalarType.Long);
        bool batched = x.Spec.Rank == 2;
        if (!batched)
            x = a.Unsqueeze(x, 0);
        long[] s = Aten.Sizes(x);
        var columns = new Value[places.Max() + 1];
        var zero = a.Full(0, ScalarType.Float, s[0]);
        Array.Fill(columns, zero);
        int next = 0;
        long work = 0;
        for (int g = 0; g < starts.Length; g++)
        {
            long size = g + 1, end = g + 1 < starts.Length ? starts[g + 1] : pool.Length;
            for (long at = starts[g]; at + size <= end; at += size, next++)
            {
                if (size < shortest || size > longest)
                    continue;
                Value? count = null;
                for (long skip = 0; skip <= (size == 1 ? 0 : skips); skip++)
                {
                    long windows = s[1] - ((size - 1) * (skip + 1));
                    if (windows <= 0)
                        continue;
                    if (++work > MaxComparisons)
                        throw n.Unsupported($"more than {MaxComparisons} comparisons");
                    Value? match = null;
                    for (long i = 0; i < size; i++)
                    {
                        var same = a.Eq(a.Slice(x, 1, i * (skip + 1), (i * (skip + 1)) + windows), a.Number(pool[at + i], ScalarType.Long));
                        match = match is null ? same : a.And(match, same);
                    }
                    var found = a.Sum(a.Cast(match!, ScalarType.Float), [1], false);
                    count = count is null ? found : a.Add(count, found);
                }
                if (count is null)
                    continue;
                double weight = weights?[next] ?? 1;
                columns[places[next]] = mode switch
                {
                    "TF" => count,
                    "IDF" => a.Where(a.Gt(count, 0), a.Number(weight, count), a.Number(0, count)),
                    _ => a.Mul(count, weight),
                };
            }
        }
        var all = a.Stack(1, columns);
        return OnnxNode.Natural(batched ? all : a.Squeeze(all, 0));
    }
}
