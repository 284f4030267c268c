namespace ExecuSharp.Formats.Pt2;

/// <summary>The values that a symbol may have.</summary>
/// <param name="Min">The smallest, or null if unbounded.</param>
/// <param name="Max">The largest, or null if unbounded.</param>
public readonly record struct Pt2RangeConstraint(long? Min, long? Max);
