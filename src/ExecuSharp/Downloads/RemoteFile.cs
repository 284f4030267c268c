using System.Net;

namespace ExecuSharp.Downloads;

/// <summary>
/// What the answers of a request say about the file. The hub's own answer names size and SHA-256 of large files in
/// <c>X-Linked-Size</c> and <c>X-Linked-ETag</c> before it redirects to the host that has the bytes.
/// </summary>
internal sealed class RemoteFile
{
    private const int Sha256Digits = 64;

    /// <summary>SHA-256 of the file in lower-case digits, or null.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>Size of the whole file, or null.</summary>
    public long? Size { get; private set; }

    /// <summary>Strong entity tag of the host that has the bytes, or null.</summary>
    public string? EntityTag { get; private set; }

    /// <summary>What tells two versions of the file apart; null if nothing does, and an interrupted download must begin again.</summary>
    public string? Version => Sha256 is { } hash ? $"sha256 {hash}" : EntityTag is { } tag ? $"etag {tag}" : null;

    /// <summary>Takes what the answer says.</summary>
    public void Read(HttpResponseMessage response)
    {
        Sha256 ??= Header(response, "X-Linked-ETag")?.Trim('"').ToLowerInvariant() is { Length: Sha256Digits } hash && hash.All(char.IsAsciiHexDigitLower) ? hash : null;
        if (long.TryParse(Header(response, "X-Linked-Size"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long size))
            Size ??= size;
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
            return;
        EntityTag = response.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;
        Size ??= response.StatusCode == HttpStatusCode.OK ? response.Content.Headers.ContentLength : response.Content.Headers.ContentRange?.Length;
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
