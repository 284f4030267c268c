namespace ExecuSharp.Imaging.Video;

/// <summary>The colour matrix of a video.</summary>
public enum YuvMatrix
{
    /// <summary>ITU-R BT.601: standard definition, JPEG, most web cameras.</summary>
    Bt601,
    /// <summary>ITU-R BT.709: high definition.</summary>
    Bt709,
}
