using System.Net;
using ExecuSharp.Core;

namespace ExecuSharp.Downloads;

/// <summary>Downloads from a model hub: interrupted downloads go on where they stopped, size and SHA-256 are checked, and a file is in its place whole or not at all.</summary>
/// <example><code>
/// using var hub = new ModelHub(new HubOptions());
/// await hub.DownloadAsync(HubFile.Of("PE-Core-T16-384"), "PE-Core-T16-384.pt");
/// </code></example>
public sealed class ModelHub : IDisposable
{
    private const int BlockBytes = 1 << 16;
    private const int Sha256Digits = 64;

    private readonly HubOptions options;
    private readonly TimeProvider time;
    private readonly HubConnection connection;

    /// <summary>Makes a client; nothing is connected yet.</summary>
    /// <param name="options">Address, token, proxy.</param>
    /// <param name="time">Waits between retries; null for the system's clock.</param>
    public ModelHub(HubOptions options, TimeProvider? time = null)
    {
        if (options.BaseAddress.Scheme != Uri.UriSchemeHttps && options.BaseAddress.Scheme != Uri.UriSchemeHttp)
            throw new ArgumentException($"a hub's address begins with https:// or http://, not {options.BaseAddress.Scheme}:");
        this.options = options;
        this.time = time ?? TimeProvider.System;
        connection = new HubConnection(options);
    }

    /// <summary>Downloads a file. What was interrupted stays as TARGET.part and is taken up by the next call if the remote file is still the same.</summary>
    /// <param name="file">The file on the hub.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="download">Checksum, and whether an existing file is replaced.</param>
    /// <param name="progress">Told the bytes on disk.</param>
    /// <param name="cancellation">Stops; the bytes stay.</param>
    /// <exception cref="IOException">The target exists, the server refuses, or the connection stays broken.</exception>
    /// <exception cref="ModelFormatException">The bytes have another size or checksum; they were deleted.</exception>
    /// <exception cref="ArgumentException">The checksum is none, or the file's path is none.</exception>
    public async Task<DownloadResult> DownloadAsync(HubFile file, string target, DownloadOptions? download = null, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        download ??= new DownloadOptions();
        if (download.Sha256 is { } given && (given.Length != Sha256Digits || !given.All(char.IsAsciiHexDigit)))
            throw new ArgumentException($"a SHA-256 has {Sha256Digits} hexadecimal digits, not '{given}'");
        target = Path.GetFullPath(target);
        if (File.Exists(target) && !download.Overwrite)
            throw new IOException($"{target} exists; use --overwrite to replace it");
        using var part = new PartialFile(target);
        var remote = await Fetch(file.Address(options.BaseAddress), part, progress, cancellation).ConfigureAwait(false);
        if (remote.Size is { } size && part.Length != size)
            throw Broken(part, file, "its end", $"{size} bytes", $"{part.Length}");
        var (bytes, hash, expected) = (part.Length, part.Sha256(), download.Sha256?.ToLowerInvariant() ?? remote.Sha256);
        if (expected is not null && hash != expected)
            throw Broken(part, file, "SHA-256", expected, hash);
        part.MoveTo(target, download.Overwrite);
        return new DownloadResult(target, bytes, hash, part.Resumed, expected is not null);
    }

    /// <summary>Ends the connections.</summary>
    public void Dispose() => connection.Dispose();

    private async Task<RemoteFile> Fetch(Uri address, PartialFile part, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        for (int failures = 0; ; failures++)
        {
            try
            {
                return await Attempt(address, part, progress, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException or OperationCanceledException)
            {
                string what = e is OperationCanceledException ? $"nothing came for {options.StallTimeout.TotalSeconds:F0} s" : e.Message;
                if (failures >= options.Retries)
                    throw new IOException($"{address.GetLeftPart(UriPartial.Path)}: {what}; {part.Length} bytes are kept, the next call goes on from there", e);
            }
            await Task.Delay(options.RetryDelay * Math.Pow(2, failures), time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<RemoteFile> Attempt(Uri address, PartialFile part, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        var remote = new RemoteFile();
        string? tag = part.Version is { } version && version.StartsWith("etag ", StringComparison.Ordinal) ? version["etag ".Length..] : null;
        using var response = await connection.Get(address, part.Length, tag, remote, cancellation).ConfigureAwait(false);
        bool continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == part.Length && remote.Version == part.Version;
        if (part.Length > 0 && !continues && response.StatusCode is HttpStatusCode.PartialContent or HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && remote.Version == part.Version && remote.Size == part.Length)
                return remote;
            part.Restart(null);
            return await Attempt(address, part, progress, cancellation).ConfigureAwait(false);
        }
        if (!continues)
        {
            Refuse(address, response);
            part.Restart(remote.Version);
        }
        await Copy(response, part, remote, progress, cancellation).ConfigureAwait(false);
        return remote;
    }

    private async Task Copy(HttpResponseMessage response, PartialFile part, RemoteFile remote, IProgress<DownloadProgress>? progress, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(options.StallTimeout);
        using var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        var block = new byte[BlockBytes];
        for (int read; (read = await body.ReadAsync(block, stall.Token).ConfigureAwait(false)) > 0;)
        {
            if (remote.Size is { } size && part.Length + read > size)
                throw new HttpRequestException($"more than the announced {size} bytes");
            part.Append(block.AsSpan(0, read));
            progress?.Report(new DownloadProgress(part.Length, remote.Size));
            stall.CancelAfter(options.StallTimeout);
        }
        if (remote.Size is { } total && part.Length < total)
            throw new HttpRequestException($"the connection ended after {part.Length} of {total} bytes");
    }

    private void Refuse(Uri address, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.OK)
            return;
        string place = address.GetLeftPart(UriPartial.Path);
        int code = (int)response.StatusCode;
        if (code is 408 or 429 or >= 500)
            throw new HttpRequestException($"the server answers {code} {response.ReasonPhrase}");
        throw new IOException(code switch
        {
            401 or 403 when string.IsNullOrEmpty(options.Token) => $"{place}: the server answers {code}; the file needs an access token (HF_TOKEN, or --token), and perhaps the acceptance of its licence on the hub",
            401 or 403 => $"{place}: the server answers {code}; the access token does not open this file",
            404 => $"{place}: the server answers 404; there is no such file, or only for those with an access token",
            _ => $"{place}: expected 200, found {code} {response.ReasonPhrase}",
        });
    }

    private static ModelFormatException Broken(PartialFile part, HubFile file, string place, string expected, string found)
    {
        part.Delete();
        return new ModelFormatException(place, expected, found, $"{file.Repository}/{file.Path}");
    }
}
