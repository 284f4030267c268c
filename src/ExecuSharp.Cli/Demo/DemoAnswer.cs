using ExecuSharp.Vision.Classification;

namespace ExecuSharp.Cli.Demo;

/// <summary>The converted program's answer for a picture.</summary>
/// <param name="Picture">Picture.</param>
/// <param name="Scores">Labels, best first.</param>
/// <param name="Cosine">Cosine of the embedding to PyTorch's.</param>
/// <param name="MaxAbs">Largest difference of the embedding to PyTorch's.</param>
internal sealed record DemoAnswer(DemoPicture Picture, IReadOnlyList<LabelScore> Scores, double Cosine, double MaxAbs)
{
    public bool AgreesWithPyTorch => Scores[0].Label == Picture.Recorded;
}
