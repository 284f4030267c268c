namespace ExecuSharp.Tests.System.Downloads;

/// <summary>What <see cref="HubServer"/> answers.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Body">Content; its length is announced.</param>
internal sealed record HubReply(int Status, byte[]? Body = null)
{
    /// <summary>Headers besides Content-Length.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The connection ends after this many bytes of the content.</summary>
    public int? CutAfter { get; init; }

    /// <summary>After this many bytes of the content nothing comes until the client goes.</summary>
    public int? HangAfter { get; init; }
}
