namespace ExecuSharp.Tests.Conformance;

/// <summary>A test that needs the official runtime: skipped, and counted as skipped, where it is not there.</summary>
public sealed class JudgeFactAttribute : FactAttribute
{
    /// <summary>Skips where the official runtime is missing.</summary>
    public JudgeFactAttribute()
    {
        if (SharedFolder.Judge is null)
            Skip = "the official runtime is not beside the repository";
    }
}
