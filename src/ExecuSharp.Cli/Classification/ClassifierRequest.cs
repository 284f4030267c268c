namespace ExecuSharp.Cli.Classification;

/// <summary>What the command line says about a classifier.</summary>
/// <param name="Model">Path of the manifest.</param>
internal sealed record ClassifierRequest(string Model)
{
    public string? Labels { get; init; }

    public string? LabelSet { get; init; }

    public IReadOnlyList<string> Templates { get; init; } = [];

    public string? Merges { get; init; }

    public string? Cache { get; init; }

    public string? Prototypes { get; init; }

    public string? Neighbours { get; init; }

    public int K { get; init; }

    public string? Unknown { get; init; }

    public string? Known { get; init; }

    public IReadOnlyList<string> Nothing { get; init; } = [];
}
