using System.Diagnostics;

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
}
