namespace ExecuSharp.Formats.Pt2;

/// <summary>A device.</summary>
/// <param name="Type">Its kind: <c>cpu</c>.</param>
/// <param name="Index">Its number, if given.</param>
public sealed record Pt2Device(string Type, long? Index);
