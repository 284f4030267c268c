using System.CommandLine;
using ExecuSharp.Cli.Commands;

namespace ExecuSharp.Cli;

/// <summary>The tool's entry point.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var root = new RootCommand("ExecuTorch for .NET: convert a PyTorch-family model to .pte, prove it, measure it, run it.");
        foreach (var command in CommandList.All())
            root.Subcommands.Add(command);
        var result = root.Parse(args);
        if (result.Errors.Count > 0 && !args.Any(a => a is "--help" or "-h" or "-?" or "--version"))
        {
            foreach (var error in result.Errors)
                Console.Error.WriteLine($"execusharp: {error.Message}");
            Console.Error.WriteLine("Try 'execusharp --help', or '--help' behind a command.");
            return ExitCodes.Usage;
        }
        return await result.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(5) });
    }
}
