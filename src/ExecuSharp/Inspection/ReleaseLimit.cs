using ExecuSharp.Compiler;

namespace ExecuSharp.Inspection;

/// <summary>A feature of a program that some releases cannot run, or that needs a runtime with more than the official libraries.</summary>
/// <param name="Excluded">These releases; empty where it is not the release that matters.</param>
/// <param name="Why">The feature, and what they do.</param>
public sealed record ReleaseLimit(IReadOnlyList<ExecuTorchRelease> Excluded, string Why)
{
    /// <inheritdoc/>
    public override string ToString() => Excluded.Count == 0 ? Why : $"not {ReleaseRange.Format(Excluded)}: {Why}";
}
