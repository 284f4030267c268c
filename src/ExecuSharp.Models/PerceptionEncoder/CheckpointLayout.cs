namespace ExecuSharp.Models.PerceptionEncoder;

/// <summary>How the tensors of a Perception Encoder are named in a file.</summary>
public enum CheckpointLayout : byte
{
    /// <summary>Meta's files: vision under <c>visual.</c> (or bare in vision-only files), text keys bare.</summary>
    Official,
    /// <summary>timm: vision only.</summary>
    Timm,
    /// <summary>open_clip: <c>visual.trunk.</c> with timm's names, <c>text.</c> with the official ones.</summary>
    OpenClip,
}
