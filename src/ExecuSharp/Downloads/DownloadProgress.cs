namespace ExecuSharp.Downloads;

/// <summary>How far a download is.</summary>
/// <param name="Bytes">Bytes on disk.</param>
/// <param name="Total">Bytes of the whole file, if the server says so.</param>
public readonly record struct DownloadProgress(long Bytes, long? Total);
