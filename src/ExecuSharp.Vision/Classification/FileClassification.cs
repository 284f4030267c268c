using ExecuSharp.Core;

namespace ExecuSharp.Vision.Classification;

/// <summary>The answer for one picture of many, or why there is none.</summary>
/// <param name="Path">The file.</param>
/// <param name="Result">The answer, or null.</param>
/// <param name="Error">What is wrong with the file, or null.</param>
public sealed record FileClassification(string Path, ImageClassification? Result, ModelFormatException? Error);
