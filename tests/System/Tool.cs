using System.Diagnostics;
using System.Globalization;

namespace ExecuSharp.Tests.System;

/// <summary>Runs the tool as a process, as a user would.</summary>
internal static class Tool
{
    public static string Samples { get; } = Path.Combine(AppContext.BaseDirectory, "demo");

    public static (int Code, string Output, string Error) Run(params string[] args) => Run([], args);

    /// <summary>Runs the tool with settings of the environment.</summary>
    public static (int Code, string Output, string Error) Run(Dictionary<string, string> environment, params string[] args) => Finish(Start(environment, args));

    /// <summary>Runs the tool with kernels of a forced vector width.</summary>
    public static (int Code, string Output, string Error) RunAtWidth(string width, params string[] args) => Run(new Dictionary<string, string> { ["EXECUSHARP_VECTOR_WIDTH"] = width }, args);

    /// <summary>Runs the tool and watches the most memory that it has resident (Linux: VmHWM).</summary>
    public static (int Code, string Output, string Error, long Peak) RunWatched(params string[] args)
    {
        long peak = 0;
        var (code, output, error) = Finish(Start([], args), process =>
        {
            while (!process.HasExited)
                peak = Math.Max(peak, ResidentPeak(process.Id));
        });
        return (code, output, error, peak);
    }

    /// <summary>Runs another program.</summary>
    public static (int Code, string Output, string Error) Start(string program, string[] args) => Finish(Launch(program, args, []));

    /// <summary>Starts the tool, which goes on.</summary>
    public static Process Start(Dictionary<string, string> environment, params string[] args) =>
        Launch("dotnet", [Path.Combine(AppContext.BaseDirectory, "execusharp.dll"), .. args], environment);

    private static Process Launch(string program, string[] args, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["NO_PROXY"] = "127.0.0.1";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        foreach (string arg in args)
            start.ArgumentList.Add(arg);
        return Process.Start(start)!;
    }

    private static (int Code, string Output, string Error) Finish(Process process, Action<Process>? watch = null)
    {
        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEndAsync();
            watch?.Invoke(process);
            process.WaitForExit();
            return (process.ExitCode, output.Result, error.Result);
        }
    }

    private static long ResidentPeak(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line["VmHWM:".Length..^"kB".Length], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has just ended
        }
    }

    public static string TemporaryFolder() => Directory.CreateTempSubdirectory("execusharp").FullName;
}
