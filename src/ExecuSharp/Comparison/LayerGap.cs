namespace ExecuSharp.Comparison;

/// <summary>How far a program is from its source behind one operator.</summary>
/// <param name="Index">Position of the operator in the graph.</param>
/// <param name="Name">Name of the value.</param>
/// <param name="Operator">Operator that makes it.</param>
/// <param name="Gap">How alike the values are.</param>
public sealed record LayerGap(int Index, string Name, string Operator, Similarity Gap)
{
    /// <summary>The same gaps by SQNR, which tells values apart whose cosine is 1 in every digit shown.</summary>
    public static IEnumerable<LayerGap> WorstFirst(IEnumerable<LayerGap> layers) => layers.OrderBy(l => l.Gap.Sqnr).ThenBy(l => l.Index);
}
