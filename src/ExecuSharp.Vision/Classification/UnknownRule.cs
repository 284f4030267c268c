namespace ExecuSharp.Vision.Classification;

/// <summary>When a picture counts as showing none of the labels.</summary>
/// <param name="MinCosine">The best cosine must be at least this; null for no limit. Typical values differ from model to model: use <see cref="Calibrate"/>.</param>
/// <param name="NothingLabels">Labels that stand for nothing, such as "nothing"; they count as unknown when they are best.</param>
public sealed record UnknownRule(float? MinCosine = null, IReadOnlyList<string>? NothingLabels = null)
{
    /// <summary>Whether the picture with these scores, best first, is unknown.</summary>
    public bool Holds(IReadOnlyList<LabelScore> scores) =>
        scores[0].Cosine < MinCosine || (NothingLabels?.Contains(scores[0].Label, StringComparer.OrdinalIgnoreCase) ?? false);

    /// <summary>
    /// The limit that tells known from unknown pictures best: the mean of the two error rates is smallest; among equal ones the middle of the widest gap.
    /// </summary>
    /// <param name="known">Best cosines of pictures that show one of the labels.</param>
    /// <param name="unknown">Best cosines of pictures that show none; without any, the limit lets <paramref name="keep"/> of the known ones pass.</param>
    /// <param name="keep">Share of known pictures that must pass where there are no unknown ones.</param>
    /// <exception cref="ArgumentException">There are no known pictures.</exception>
    public static float Calibrate(IReadOnlyList<float> known, IReadOnlyList<float> unknown, double keep = 0.95)
    {
        if (known.Count == 0)
            throw new ArgumentException("calibration needs pictures that show the labels");
        float[] sorted = [.. known.Order()];
        if (unknown.Count == 0)
            return sorted[Math.Clamp((int)Math.Floor((1 - keep) * sorted.Length), 0, sorted.Length - 1)];
        float[] all = [.. known.Concat(unknown).Distinct().Order()];
        var limits = all.Zip(all.Skip(1), (low, high) => (Limit: (low + high) / 2, Gap: high - low)).Append((Limit: all[0], Gap: 0f));
        return limits.Select(l => (l.Limit, l.Gap, Error: Share(known, c => c < l.Limit) + Share(unknown, c => c >= l.Limit)))
            .OrderBy(l => l.Error).ThenByDescending(l => l.Gap).First().Limit;
    }

    private static double Share(IReadOnlyList<float> values, Func<float, bool> wrong) => values.Count(wrong) / (double)values.Count;
}
