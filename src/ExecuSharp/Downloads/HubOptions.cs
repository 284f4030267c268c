namespace ExecuSharp.Downloads;

/// <summary>How a model hub is reached.</summary>
public sealed record HubOptions
{
    /// <summary>Address of the hub.</summary>
    public Uri BaseAddress { get; init; } = new("https://huggingface.co");

    /// <summary>Access token; sent to the hub alone, never to a host that it redirects to.</summary>
    public string? Token { get; init; }

    /// <summary>Proxy; null for that of the environment (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, <c>ALL_PROXY</c>, <c>NO_PROXY</c>).</summary>
    public Uri? Proxy { get; init; }

    /// <summary>How often a broken connection is taken up again before the download fails.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Waiting time before the first retry; doubled each time.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection that brings nothing for this long is broken.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
