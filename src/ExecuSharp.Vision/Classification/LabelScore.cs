namespace ExecuSharp.Vision.Classification;

/// <summary>How well a label fits a picture.</summary>
/// <param name="Label">The label.</param>
/// <param name="Probability">Share among all labels, 0 to 1.</param>
/// <param name="Cosine">Cosine to the label's vector; for neighbours, that of the nearest one of the label.</param>
/// <param name="Logit">What the probability was made from.</param>
public readonly record struct LabelScore(string Label, float Probability, float Cosine, float Logit);
