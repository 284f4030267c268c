using System.CommandLine;
using System.Text;
using ExecuSharp.Cli.Output;
using ExecuSharp.Conversion;

namespace ExecuSharp.Cli.Pages;

/// <summary>Where <c>--report</c> writes. Whether it may is known before any work is done.</summary>
internal sealed class ReportFile
{
    private ReportFile(string path) => Path = path;

    /// <summary>Path of the page.</summary>
    public string Path { get; }

    /// <summary>The option.</summary>
    public static Option<string?> Option() => new("--report") { Description = "Write the result as a self-contained page, FILE.html." };

    /// <summary>The file that the option asks for, or null.</summary>
    /// <exception cref="UsageException">The name is not that of a page.</exception>
    /// <exception cref="IOException">It exists, and overwriting was not asked for.</exception>
    public static ReportFile? Of(string? path, bool overwrite)
    {
        if (path is null)
            return null;
        if (!path.EndsWith(".html", StringComparison.OrdinalIgnoreCase) && !path.EndsWith(".htm", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--report {path}: expected the name of a page, FILE.html");
        if (Directory.Exists(path))
            throw new IOException($"{path} is a folder");
        if (File.Exists(path) && !overwrite)
            throw new IOException($"{path} exists; use --overwrite to replace it");
        return new ReportFile(path);
    }

    /// <summary>Says in the text of the result where the page is.</summary>
    public void Announce(Reporter reporter) => reporter.Line($"report: {Path}");

    /// <summary>Writes the page; it is there whole or not at all.</summary>
    public void Write(string page) => AtomicFile.Write(Path, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
}
