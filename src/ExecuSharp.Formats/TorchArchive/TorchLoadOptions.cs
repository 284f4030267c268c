namespace ExecuSharp.Formats.TorchArchive;

/// <summary>How to read a checkpoint.</summary>
public sealed record TorchLoadOptions
{
    /// <summary>
    /// True refuses every global outside the closed list. False (the default) keeps objects of unknown classes as inert records,
    /// so that the tensors of a whole pickled module can be taken out; calls of unknown functions, and names of system modules,
    /// are refused either way. Nothing is ever executed.
    /// </summary>
    public bool Strict { get; init; }
}
