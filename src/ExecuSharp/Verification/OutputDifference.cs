namespace ExecuSharp.Verification;

/// <summary>One output against its expected value.</summary>
/// <param name="Index">Position.</param>
/// <param name="Type">Element type, or kind of number.</param>
/// <param name="Sizes">Sizes.</param>
/// <param name="LargestDifference">Largest absolute difference; NaN if nothing could be compared.</param>
/// <param name="Outside">Number of elements outside the tolerance.</param>
/// <param name="FirstOutside">The first of them as text: position, expected, found; null if none.</param>
public sealed record OutputDifference(int Index, string Type, IReadOnlyList<int> Sizes, double LargestDifference, long Outside, string? FirstOutside);
