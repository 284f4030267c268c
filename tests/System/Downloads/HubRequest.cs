namespace ExecuSharp.Tests.System.Downloads;

/// <summary>A request as <see cref="HubServer"/> got it.</summary>
/// <param name="Path">Path and query.</param>
/// <param name="Headers">Headers by lower-case name.</param>
internal sealed record HubRequest(string Path, Dictionary<string, string> Headers)
{
    /// <summary>First byte asked for, or 0.</summary>
    public int From => Headers.TryGetValue("range", out string? range) ? int.Parse(range["bytes=".Length..^1], global::System.Globalization.CultureInfo.InvariantCulture) : 0;
}
