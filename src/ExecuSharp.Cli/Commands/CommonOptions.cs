using System.CommandLine;
using System.CommandLine.Parsing;
using ExecuSharp.Cli.Output;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Cli.Commands;

/// <summary>Options that mean the same in every verb, and what happens around each verb: errors become exit codes.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string> format = new("--format") { Description = "Form of the result: text or json.", DefaultValueFactory = _ => "text" };
    private readonly Option<bool> quiet = new("--quiet", "-q") { Description = "No progress and messages." };

    private CommonOptions(Command command)
    {
        format.AcceptOnlyFromAmong("text", "json");
        command.Options.Add(format);
        command.Options.Add(quiet);
    }

    /// <summary>Adds the common options to a verb and sets what it does.</summary>
    public static Command Attach(Command command, Func<ParseResult, Reporter, CancellationToken, int> action)
    {
        var common = new CommonOptions(command);
        // Ctrl-C is watched only once the action has given its task back.
        command.SetAction((result, cancellation) => Task.Run(() => common.Guard(result, action, cancellation), CancellationToken.None));
        return command;
    }

    private int Guard(ParseResult result, Func<ParseResult, Reporter, CancellationToken, int> action, CancellationToken cancellation)
    {
        var reporter = new Reporter(result.GetValue(format) == "json", result.GetValue(quiet));
        try
        {
            _ = SimdWidths.Preferred; // a wrong setting is a wrong command line
            return action(result, reporter, cancellation);
        }
        catch (Exception e) when (ExitCodes.Of(e) is not null)
        {
            reporter.Clear();
            Console.Error.WriteLine($"execusharp: {(e is OperationCanceledException ? "cancelled" : e.Message)}");
            return ExitCodes.Of(e)!.Value;
        }
    }
}
