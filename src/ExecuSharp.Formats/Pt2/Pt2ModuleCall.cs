namespace ExecuSharp.Formats.Pt2;

/// <summary>A module of the traced program and, for the top one, how its inputs and outputs are nested.</summary>
/// <param name="Name">Its path; empty for the top.</param>
/// <param name="Inputs">The tree of ((arguments), {keyword arguments}), or null.</param>
/// <param name="Outputs">The tree of the result, or null.</param>
/// <param name="ArgumentNames">Names of the arguments of forward, in newer files.</param>
public sealed record Pt2ModuleCall(string Name, Pt2TreeSpec? Inputs, Pt2TreeSpec? Outputs, IReadOnlyList<string>? ArgumentNames);
