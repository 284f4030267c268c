using System.Diagnostics;
using System.Globalization;

namespace ExecuSharp.Tests.Conformance;

/// <summary>The official runtime as a program.</summary>
internal static class Judge
{
    /// <summary>Runs it and returns its exit code and what it printed.</summary>
    public static (int Code, string Text) Run(params string[] args)
    {
        var start = new ProcessStartInfo(SharedFolder.Judge!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>Verifies a bundle or a folder of bundles.</summary>
    public static (int Code, string Text) Verify(string path, double relative, double absolute) =>
        Run("verify", path, "--rtol", relative.ToString(CultureInfo.InvariantCulture), "--atol", absolute.ToString(CultureInfo.InvariantCulture), "--quiet", "--time-limit", "300");
}
