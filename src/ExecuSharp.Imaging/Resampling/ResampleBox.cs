namespace ExecuSharp.Imaging.Resampling;

/// <summary>The part of the source that is resampled, in pixels, single precision as in Pillow.</summary>
/// <param name="Left">0 or more.</param>
/// <param name="Top">0 or more.</param>
/// <param name="Right">At most the width.</param>
/// <param name="Bottom">At most the height.</param>
public readonly record struct ResampleBox(float Left, float Top, float Right, float Bottom);
