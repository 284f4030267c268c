using ExecuSharp.Runtime;

namespace ExecuSharp.Vision.Classification;

/// <summary>How a zero-shot classifier is opened.</summary>
public sealed record ZeroShotOptions
{
    /// <summary>How programs are run.</summary>
    public RuntimeOptions? Runtime { get; init; }

    /// <summary>Folder where text embeddings are kept; null for none.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>File with the merges of the tokenizer; null for the one that the manifest names.</summary>
    public string? MergesFile { get; init; }

    /// <summary>When a picture shows none of the labels.</summary>
    public UnknownRule? Unknown { get; init; }

    /// <summary>Told the number of labels whose texts are embedded.</summary>
    public IProgress<int>? Progress { get; init; }
}
