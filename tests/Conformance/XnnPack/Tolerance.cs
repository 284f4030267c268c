using System.Text.Json;
using ExecuSharp.Core;

namespace ExecuSharp.Tests.Conformance.XnnPack;

/// <summary>How outputs of a program are compared (the set's README, "How to judge").</summary>
public sealed class Tolerance(JsonElement entry)
{
    private readonly double atol = entry.GetProperty("atol").GetDouble();
    private readonly double rtol = entry.GetProperty("rtol").GetDouble();
    private readonly double rowFactor = entry.TryGetProperty("row_factor", out var r) ? r.GetDouble() : 0;
    private readonly bool skipsNonfinite = entry.TryGetProperty("nonfinite", out var n) && n.GetString() == "free";

    /// <summary>The first difference that is too large, or null.</summary>
    public string? Compare(Tensor expected, Tensor actual)
    {
        if (expected.Type != actual.Type || !expected.Sizes.SequenceEqual(actual.Sizes))
            return $"expected {expected}, found {actual}";
        var e = Values(expected);
        var a = Values(actual);
        int row = expected.Rank == 0 ? 1 : Math.Max(1, expected.Sizes[^1]);
        for (int i = 0; i < e.Length; i++)
        {
            if (e[i].Equals(a[i]) || (skipsNonfinite && !(double.IsFinite(e[i]) && double.IsFinite(a[i]))))
                continue;
            double most = rowFactor == 0 ? 0 : e.AsSpan(i / row * row, row).ToArray().Max(Math.Abs);
            if (!(Math.Abs(a[i] - e[i]) <= atol + (rtol * Math.Abs(e[i])) + (rowFactor * most)))
                return $"element {i} of {e.Length}: expected {e[i]:r}, found {a[i]:r}";
        }
        return null;
    }

    private static double[] Values(Tensor t) => t.Type switch
    {
        ScalarType.Float => Convert(t.Span<float>(), v => v),
        ScalarType.Half => Convert(t.Span<Half>(), v => (double)v),
        ScalarType.BFloat16 => Convert(t.Span<BFloat16>(), v => (float)v),
        ScalarType.Double => Convert(t.Span<double>(), v => v),
        ScalarType.Long => Convert(t.Span<long>(), v => v),
        ScalarType.Int => Convert(t.Span<int>(), v => v),
        ScalarType.Char => Convert(t.Span<sbyte>(), v => v),
        ScalarType.Byte => Convert(t.Span<byte>(), v => v),
        ScalarType.Bool => Convert(t.Span<bool>(), v => v ? 1 : 0),
        _ => throw new NotSupportedException(t.Type.Name()),
    };

    private static double[] Convert<T>(ReadOnlySpan<T> values, Func<T, double> convert)
    {
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = convert(values[i]);
        return result;
    }
}
