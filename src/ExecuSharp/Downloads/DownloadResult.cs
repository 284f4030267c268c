namespace ExecuSharp.Downloads;

/// <summary>A finished download.</summary>
/// <param name="Path">The file.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its checksum in lower-case hexadecimal digits.</param>
/// <param name="Resumed">Bytes that an earlier, interrupted download had left.</param>
/// <param name="Verified">True if there was a checksum to compare with.</param>
public sealed record DownloadResult(string Path, long Bytes, string Sha256, long Resumed, bool Verified);
