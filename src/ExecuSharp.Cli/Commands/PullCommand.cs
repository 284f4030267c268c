using System.CommandLine;
using System.Text.Json.Nodes;
using ExecuSharp.Cli.Output;
using ExecuSharp.Downloads;

namespace ExecuSharp.Cli.Commands;

/// <summary><c>models pull</c>: a checkpoint from a model hub.</summary>
internal static class PullCommand
{
    private const string HubVariable = "HF_ENDPOINT";
    private const string TokenVariable = "HF_TOKEN";

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "A name of 'models', or OWNER/REPOSITORY." };
        var file = new Option<string?>("--file") { Description = "A file of the repository; default the checkpoint." };
        var output = new Option<string?>("--output", "-o") { Description = "A file, or an existing folder. Default: the file's name, here." };
        var revision = new Option<string>("--revision") { Description = "Branch, tag or commit.", DefaultValueFactory = _ => "main" };
        var hub = new Option<string?>("--hub") { Description = $"Address of the hub. Default: the environment's {HubVariable}, or {new HubOptions().BaseAddress}." };
        var token = new Option<string?>("--token") { Description = $"Access token. Default: the environment's {TokenVariable}." };
        var proxy = new Option<string?>("--proxy") { Description = "Proxy. Default: the environment's HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY." };
        var sha256 = new Option<string?>("--sha256") { Description = "SHA-256 that the file must have. Default: the one that the hub names." };
        var retries = new Option<int>("--retries") { Description = "How often a broken connection is taken up again.", DefaultValueFactory = _ => new HubOptions().Retries };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace an existing file." };
        var command = new Command("pull", "Download a checkpoint; an interrupted download goes on where it stopped. Example: execusharp models pull PE-Core-T16-384") { name, file, output, revision, hub, token, proxy, sha256, retries, overwrite };
        return CommonOptions.Attach(command, (result, reporter, cancellation) =>
        {
            var remote = HubFile.Of(result.GetValue(name)!, result.GetValue(file), result.GetValue(revision)!);
            var options = new HubOptions
            {
                BaseAddress = Address(result.GetValue(hub) ?? Variable(HubVariable), "--hub") ?? new HubOptions().BaseAddress,
                Token = result.GetValue(token) ?? Variable(TokenVariable),
                Proxy = Address(result.GetValue(proxy), "--proxy"),
                Retries = Math.Max(0, result.GetValue(retries)),
            };
            string target = result.GetValue(output) is not { } path ? remote.Name : Directory.Exists(path) ? Path.Combine(path, remote.Name) : path;
            using var client = new ModelHub(options);
            var done = client.DownloadAsync(remote, target, new DownloadOptions { Sha256 = result.GetValue(sha256), Overwrite = result.GetValue(overwrite) },
                new DownloadMeter(remote.Name, reporter), cancellation).GetAwaiter().GetResult();
            var document = new JsonObject { ["file"] = done.Path, ["bytes"] = done.Bytes, ["sha256"] = done.Sha256, ["resumed"] = done.Resumed, ["verified"] = done.Verified };
            reporter.Result("models-pull", document, r => r.Line($"{done.Path}: {Units.Bytes(done.Bytes)}, SHA-256 {done.Sha256} ({(done.Verified ? "as it should be" : "the hub names none to compare with")})"));
            return ExitCodes.Done;
        });
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Uri? Address(string? text, string option) => text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address
        : throw new UsageException($"{option} {text}: expected an address such as https://example.org");
}
