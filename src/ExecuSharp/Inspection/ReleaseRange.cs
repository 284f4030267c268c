using ExecuSharp.Compiler;

namespace ExecuSharp.Inspection;

/// <summary>The ExecuTorch releases whose official runtime runs a program and computes what it says, by the features that it uses.</summary>
/// <param name="Releases">These releases, oldest first.</param>
/// <param name="Limits">Which feature excludes which.</param>
public sealed record ReleaseRange(IReadOnlyList<ExecuTorchRelease> Releases, IReadOnlyList<ReleaseLimit> Limits)
{
    /// <summary>Every release that was examined, oldest first.</summary>
    public static IReadOnlyList<ExecuTorchRelease> Known { get; } = [new(0, 2), new(0, 3), .. ExecuTorchRelease.All];

    /// <inheritdoc/>
    public override string ToString() => Format(Releases);

    /// <summary>Releases as ranges: <c>0.2 to 0.3, 0.7 and later</c>.</summary>
    internal static string Format(IReadOnlyList<ExecuTorchRelease> releases)
    {
        if (releases.Count == 0)
            return "none";
        var parts = new List<string>();
        for (int first = 0; first < Known.Count; first++)
        {
            if (!releases.Contains(Known[first]))
                continue;
            int last = first;
            while (last + 1 < Known.Count && releases.Contains(Known[last + 1]))
                last++;
            parts.Add(last == Known.Count - 1 && first < last ? $"{Known[first]} and later" : first == last ? $"{Known[first]}" : $"{Known[first]} to {Known[last]}");
            first = last;
        }
        return string.Join(", ", parts);
    }
}
