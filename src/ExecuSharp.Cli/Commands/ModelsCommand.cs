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
        return CommonOptions.Attach(command, (_, reporter, _) =>
        {
            var models = ModelRegistry.Default.Published.ToList();
            reporter.Result("models", new JsonObject { ["models"] = JsonText.Array(models, m => new JsonObject { ["name"] = m.Name, ["text"] = m.ToString() }) },
                r => r.Table(["name", "facts"], models.Select(m => new[] { m.Name, m.ToString() }), alignRight: false));
            return ExitCodes.Done;
        });
    }
}
