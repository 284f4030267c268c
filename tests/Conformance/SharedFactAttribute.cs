namespace ExecuSharp.Tests.Conformance;

/// <summary>A test over the full recorded sets: skipped, and counted as skipped, where they are not beside the repository.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    /// <summary>Skips where the sets are missing.</summary>
    public SharedFactAttribute()
    {
        if (SharedFolder.Path is null)
            Skip = "the recorded sets are not beside the repository";
    }
}
