namespace ExecuSharp.Models;

/// <summary>Facts about a model that is known by name.</summary>
/// <param name="Name">Name.</param>
/// <param name="Family">Architecture.</param>
/// <param name="Task">What it is for, in a few words.</param>
/// <param name="Input">Input of its main program: <c>image 3x384x384</c>.</param>
/// <param name="Output">Output of its main program.</param>
/// <param name="Parameters">Weights of all its parts.</param>
/// <param name="MainParameters">Weights of its main program (the vision tower).</param>
/// <param name="MultiplyAccumulates">Multiply-accumulate operations of one run of the main program.</param>
/// <param name="Accuracy">Published results, as text; null if there are none.</param>
/// <param name="Repository">Repository on the Hugging Face hub, or null.</param>
/// <param name="File">File in the repository, or null.</param>
public sealed record ArchitectureInfo(
    string Name, string Family, string Task, string Input, string Output, long Parameters, long MainParameters, long MultiplyAccumulates,
    string? Accuracy, string? Repository = null, string? File = null);
