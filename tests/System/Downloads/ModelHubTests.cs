using System.Security.Cryptography;
using ExecuSharp.Core;
using ExecuSharp.Downloads;

namespace ExecuSharp.Tests.System.Downloads;

/// <summary>Downloads from a hub of this machine, judged byte by byte.</summary>
public sealed class ModelHubTests : IDisposable
{
    private const string FilePath = "/owner/model/resolve/main/model.pt";

    private readonly string folder = Tool.TemporaryFolder();
    private readonly byte[] content = Bytes(300_000, seed: 1);

    private string Target => Path.Combine(folder, "model.pt");

    [Fact]
    public async Task A_file_comes_whole_and_checked()
    {
        using var server = new HubServer(r => Serve(r, content));
        var seen = new List<DownloadProgress>();
        var result = await Pull(server, progress: new Sink(seen));
        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal((content.Length, Hash(content), 0L, true), (result.Bytes, result.Sha256, result.Resumed, result.Verified));
        Assert.Equal(new DownloadProgress(content.Length, content.Length), seen[^1]);
        Assert.Equal(FilePath, Assert.Single(server.Requests).Path);
        Assert.Single(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_truncated_body_is_taken_up_again_in_the_same_call()
    {
        using var server = new HubServer(r => Serve(r, content) with { CutAfter = Math.Min(90_000, content.Length - r.From) });
        var result = await Pull(server, retries: 3);
        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal([0, 90_000, 180_000, 270_000], server.Requests.Select(r => r.From));
        Assert.True(result.Verified);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interrupted_download_goes_on_in_the_next_call(bool linked)
    {
        bool cut = true;
        using var server = new HubServer(r => Serve(r, content, linked) with { CutAfter = cut ? 100_000 : null });
        var error = await Assert.ThrowsAsync<IOException>(() => Pull(server, retries: 0));
        Assert.Contains("100000", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
        Assert.Equal(content[..100_000], File.ReadAllBytes(Target + ".part"));
        cut = false;
        var result = await Pull(server);
        Assert.Equal(100_000, result.Resumed);
        Assert.Equal(100_000, server.Requests[^1].From);
        Assert.Equal(linked ? null : "\"v1\"", server.Requests[^1].Headers.GetValueOrDefault("if-range"));
        Assert.Equal(content, File.ReadAllBytes(Target));
        Assert.Equal(linked, result.Verified);
        Assert.Single(Directory.GetFiles(folder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_changed_on_the_server_begins_again(bool linked)
    {
        byte[] now = content;
        string tag = "\"v1\"";
        bool cut = true;
        using var server = new HubServer(r => Serve(r, now, linked, tag) with { CutAfter = cut ? 100_000 : null });
        await Assert.ThrowsAsync<IOException>(() => Pull(server, retries: 0));
        (now, tag, cut) = (Bytes(300_000, seed: 2), "\"v2\"", false);
        var result = await Pull(server);
        Assert.Equal(0, result.Resumed);
        Assert.Equal(now, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Without_a_version_nothing_is_taken_up()
    {
        bool cut = true;
        using var server = new HubServer(r => new HubReply(200, content) { CutAfter = cut ? 100_000 : null });
        await Assert.ThrowsAsync<IOException>(() => Pull(server, retries: 0));
        cut = false;
        Assert.Equal(0, (await Pull(server)).Resumed);
        Assert.Equal([0, 0], server.Requests.Select(r => r.From));
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task A_wrong_checksum_leaves_nothing()
    {
        byte[] wrong = [.. content];
        wrong[77]++;
        using var server = new HubServer(r => Serve(r, content) with { Body = wrong });
        var error = await Assert.ThrowsAsync<ModelFormatException>(() => Pull(server));
        Assert.Equal((Hash(content), Hash(wrong)), (error.Expected, error.Found));
        Assert.Empty(Directory.GetFiles(folder));
        using var silent = new HubServer(r => new HubReply(200, content));
        await Assert.ThrowsAsync<ModelFormatException>(() => Pull(silent, new DownloadOptions { Sha256 = Hash(wrong) }));
        Assert.Empty(Directory.GetFiles(folder));
    }

    [Fact]
    public async Task A_file_of_another_size_than_the_hub_says_leaves_nothing_in_its_place()
    {
        using var server = new HubServer(r => Serve(r, content) with { Body = content[..^1] });
        await Assert.ThrowsAsync<IOException>(() => Pull(server, retries: 0));
        Assert.False(File.Exists(Target));
    }

    [Theory]
    [InlineData(404, null, "no such file")]
    [InlineData(401, null, "HF_TOKEN")]
    [InlineData(403, "secret-word", "does not open")]
    [InlineData(418, null, "expected 200, found 418")]
    public async Task A_refusal_is_named_without_the_token(int status, string? token, string message)
    {
        using var server = new HubServer(_ => new HubReply(status));
        var error = await Assert.ThrowsAsync<IOException>(() => Pull(server, token: token));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(FilePath, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_busy_server_is_asked_again()
    {
        int asked = 0;
        using var server = new HubServer(r => ++asked < 3 ? new HubReply(503) : Serve(r, content));
        await Pull(server, retries: 2);
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task The_token_is_for_the_hub_and_not_for_where_it_redirects()
    {
        using var storage = new HubServer(r => r.From == 0 ? new HubReply(200, content) : new HubReply(400));
        using var hub = new HubServer(r => r.Headers.GetValueOrDefault("authorization") == "Bearer secret-word"
            ? new HubReply(302) { Headers = { ["Location"] = $"{storage.Address}bytes?signature=1", ["X-Linked-Size"] = $"{content.Length}", ["X-Linked-ETag"] = $"\"{Hash(content)}\"" } }
            : new HubReply(401));
        var result = await Pull(hub, token: "secret-word");
        Assert.True(result.Verified);
        Assert.Equal("/bytes?signature=1", Assert.Single(storage.Requests).Path);
        Assert.DoesNotContain("authorization", storage.Requests[0].Headers.Keys);
    }

    [Fact]
    public async Task Endless_redirects_end()
    {
        using var server = new HubServer(r => new HubReply(307) { Headers = { ["Location"] = r.Path } });
        await Assert.ThrowsAsync<IOException>(() => Pull(server));
        Assert.InRange(server.Requests.Count, 2, 12);
    }

    [Fact]
    public async Task An_existing_file_is_replaced_only_if_asked_for()
    {
        File.WriteAllText(Target, "mine");
        using var server = new HubServer(r => Serve(r, content));
        await Assert.ThrowsAsync<IOException>(() => Pull(server));
        Assert.Equal("mine", File.ReadAllText(Target));
        Assert.Empty(server.Requests);
        await Pull(server, new DownloadOptions { Overwrite = true });
        Assert.Equal(content, File.ReadAllBytes(Target));
    }

    [Fact]
    public async Task Everything_goes_through_a_given_proxy()
    {
        using var proxy = new HubServer(r => Serve(r, content));
        using var hub = new ModelHub(new HubOptions { BaseAddress = new Uri("http://hub.invalid/mirror/"), Proxy = proxy.Address });
        await hub.DownloadAsync(new HubFile("owner/model", "model.pt"), Target);
        Assert.Equal("http://hub.invalid/mirror" + FilePath, Assert.Single(proxy.Requests).Path);
    }

    [Fact]
    public void Names_become_addresses()
    {
        var hub = new Uri("https://huggingface.co");
        Assert.Equal("https://huggingface.co/facebook/PE-Core-T16-384/resolve/main/PE-Core-T16-384.pt", HubFile.Of("pe-core-t16-384").Address(hub).AbsoluteUri);
        Assert.Equal("https://huggingface.co/facebook/PE-Lang-L14-448-Tiling/resolve/main/PE-Lang-L14-448-Tiling.pt", HubFile.Of("PE-Lang-L14-448-Tiling").Address(hub).AbsoluteUri);
        Assert.Equal("https://huggingface.co/timm/x.fb/resolve/refs%2Fpr%2F1/a%20b/model.safetensors", HubFile.Of("timm/x.fb", "a b/model.safetensors", "refs/pr/1").Address(hub).AbsoluteUri);
        Assert.Throws<ArgumentException>(() => HubFile.Of("a/b", "../x").Address(hub));
        Assert.Throws<UnsupportedModelException>(() => HubFile.Of("PE-Core-X1"));
    }

    [Fact]
    public void The_tool_downloads_with_a_token_that_it_does_not_print()
    {
        using var server = new HubServer(r => Serve(r, content));
        var environment = new Dictionary<string, string> { ["HF_ENDPOINT"] = server.Address.ToString(), ["HF_TOKEN"] = "secret-word" };
        var (code, output, error) = Tool.Run(environment, "models", "pull", "PE-Core-T16-384", "-o", folder, "--format", "json");
        Assert.True(code == 0, error);
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(folder, "PE-Core-T16-384.pt")));
        Assert.Contains(Hash(content), output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", output + error, StringComparison.Ordinal);
        Assert.Equal("Bearer secret-word", server.Requests[0].Headers["authorization"]);
        Assert.Equal(4, Tool.Run(environment, "models", "pull", "PE-Core-T16-384", "-o", folder).Code);
        Assert.Equal(4, Tool.Run(environment, "models", "pull", "PE-Core-T16-384", "-o", folder, "--overwrite", "--sha256", new string('0', 64)).Code);
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(folder, "PE-Core-T16-384.pt")));
        Assert.Single(Directory.GetFiles(folder));
        Assert.Equal(3, Tool.Run("models", "pull", "PE-Core-X1").Code);
        Assert.Equal(2, Tool.Run("models", "pull", "PE-Core-T16-384", "--hub", "no address").Code);
    }

    [Fact]
    public async Task Ctrl_C_ends_with_5_and_keeps_what_came()
    {
        using var server = new HubServer(r => Serve(r, content) with { HangAfter = 100_000 });
        using var process = Tool.Start([], "models", "pull", "owner/model", "--hub", server.Address.ToString(), "-o", Target);
        while (!File.Exists(Target + ".part") || new FileInfo(Target + ".part").Length < 100_000)
            await Task.Delay(20);
        using (var kill = global::System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"]))
            await kill.WaitForExitAsync();
        await process.WaitForExitAsync();
        Assert.Equal(5, process.ExitCode);
        Assert.False(File.Exists(Target));
        Assert.Equal(content[..100_000], File.ReadAllBytes(Target + ".part"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<DownloadResult> Pull(HubServer server, DownloadOptions? download = null, IProgress<DownloadProgress>? progress = null, string? token = null, int retries = 1)
    {
        using var hub = new ModelHub(new HubOptions { BaseAddress = server.Address, Token = token, Retries = retries, RetryDelay = TimeSpan.Zero });
        return await hub.DownloadAsync(new HubFile("owner/model", "model.pt"), Target, download, progress);
    }

    /// <summary>Answers as a hub with large files does (checksum and size in its own headers), or as a plain server with an entity tag.</summary>
    private static HubReply Serve(HubRequest request, byte[] content, bool linked = true, string tag = "\"v1\"")
    {
        bool same = request.Headers.GetValueOrDefault("if-range") is not { } condition || condition == tag;
        int from = same ? request.From : 0;
        var reply = new HubReply(from > 0 ? 206 : 200, content[from..]);
        if (from > 0)
            reply.Headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        if (linked)
            (reply.Headers["X-Linked-ETag"], reply.Headers["X-Linked-Size"]) = ($"\"{Hash(content)}\"", $"{content.Length}");
        else
            reply.Headers["ETag"] = tag;
        return reply;
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed class Sink(List<DownloadProgress> seen) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => seen.Add(value);
    }
}
