namespace ExecuSharp.Tests.System;

/// <summary>A test that reads /proc: skipped, and counted as skipped, on other systems.</summary>
public sealed class LinuxFactAttribute : FactAttribute
{
    /// <summary>Skips where there is no /proc.</summary>
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "the system has no /proc";
    }
}
