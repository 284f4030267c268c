namespace ExecuSharp.Tests.Conformance;

/// <summary>A theory over the full recorded sets: skipped, and counted as skipped, where they are not beside the repository.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips where the sets are missing.</summary>
    public SharedTheoryAttribute()
    {
        if (SharedFolder.Path is null)
            Skip = "the recorded sets are not beside the repository";
    }
}
