namespace ExecuSharp.Formats.XnnPack;

/// <summary>Bounds of a node's result (OutputMinMax). A member that is not stored is 0.</summary>
public sealed record XnnRange(float Min, float Max);
