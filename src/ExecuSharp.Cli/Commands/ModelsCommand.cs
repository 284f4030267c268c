using System.CommandLine;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Models;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>models</c>: the architectures known by name.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var command = new Command("models", "List the architectures known by name. Example: execusharp models");
        command.Subcommands.Add(PullCommand.Create());
        return CommonOptions.Attach(command, (_, reporter, _) =>
        {
            var models = ModelRegistry.Default.Published.ToList();
            reporter.Result("models", new JsonObject { ["models"] = JsonText.Array(models, Json) },
                r => r.Table(["name", "input", "output", "parameters", "of the main program", "operations", "published accuracy"], models.Select(m => new[]
                {
                    m.Name, m.Input, m.Output, Units.Text($"{m.Parameters / 1e6:F2} M"), Units.Text($"{m.MainParameters / 1e6:F2} M"), Units.Text($"{m.MultiplyAccumulates / 1e9:F2} GMAC"), m.Accuracy ?? "",
                })));
            return ExitCodes.Done;
        });
    }

    private static JsonObject Json(ArchitectureInfo model) => new()
    {
        ["name"] = model.Name,
        ["family"] = model.Family,
        ["task"] = model.Task,
        ["input"] = model.Input,
        ["output"] = model.Output,
        ["parameters"] = model.Parameters,
        ["mainParameters"] = model.MainParameters,
        ["multiplyAccumulates"] = model.MultiplyAccumulates,
        ["accuracy"] = model.Accuracy,
        ["repository"] = model.Repository,
        ["file"] = model.File,
    };
}
