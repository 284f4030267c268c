namespace ExecuSharp.Tests.Conformance;

/// <summary>A theory that needs the official runtime: skipped, and counted as skipped, where it is not there.</summary>
public sealed class JudgeTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips where the official runtime is missing.</summary>
    public JudgeTheoryAttribute()
    {
        if (SharedFolder.Judge is null)
            Skip = "the official runtime is not beside the repository";
    }
}
