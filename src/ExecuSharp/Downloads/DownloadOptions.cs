namespace ExecuSharp.Downloads;

/// <summary>What a download must be, and where it may go.</summary>
public sealed record DownloadOptions
{
    /// <summary>SHA-256 in hexadecimal digits that the file must have; null for the one that the hub names.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Replace an existing file.</summary>
    public bool Overwrite { get; init; }
}
