using System.Diagnostics;

namespace ExecuSharp.Tests.System;

/// <summary>Runs the tool as a process, as a user would.</summary>
internal static class Tool
{
    public static string Samples { get; } = Path.Combine(AppContext.BaseDirectory, "demo");

    public static (int Code, string Output, string Error) Run(params string[] args) => Run([], args);

    public static (int Code, string Output, string Error) Run(Dictionary<string, string> environment, params string[] args)
    {
        using var process = Start(environment, args);
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    public static Process Start(Dictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["NO_PROXY"] = "127.0.0.1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "execusharp.dll"));
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }

    public static string TemporaryFolder() => Directory.CreateTempSubdirectory("execusharp").FullName;
}
