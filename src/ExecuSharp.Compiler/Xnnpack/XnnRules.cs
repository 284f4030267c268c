using System.Collections.Frozen;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>The one table of operators that XNNPACK takes.</summary>
internal static class XnnRules
{
    public static FrozenDictionary<string, XnnRule> Table { get; } =
        new IEnumerable<(string, XnnRule)>[] { XnnElementwiseRules.Rows, XnnMatrixRules.Rows, XnnSpatialRules.Rows, XnnShapeRules.Rows, XnnNormalizationRules.Rows, XnnComposedRules.Rows, XnnQuantizationRules.Rows }
            .SelectMany(r => r).ToFrozenDictionary(r => r.Item1, r => r.Item2, StringComparer.Ordinal);
}
