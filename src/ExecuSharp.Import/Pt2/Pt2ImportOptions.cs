namespace ExecuSharp.Import.Pt2;

/// <summary>Choices of <see cref="Pt2Importer"/>.</summary>
public sealed record Pt2ImportOptions
{
    /// <summary>Name of the method.</summary>
    public string MethodName { get; init; } = "forward";

    /// <summary>
    /// Upper bounds by symbol (<c>s0</c>) for sizes whose range in the file has none. A symbol that is neither bounded nor listed takes
    /// <see cref="UnboundedMaximum"/>.
    /// </summary>
    public IReadOnlyDictionary<string, long>? Maxima { get; init; }

    /// <summary>The upper bound of sizes without any; null to use the size that the model was traced with.</summary>
    public long? UnboundedMaximum { get; init; }
}
