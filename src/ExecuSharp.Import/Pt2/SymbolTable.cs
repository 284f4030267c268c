using ExecuSharp.Core;
using ExecuSharp.Formats.Pt2;

namespace ExecuSharp.Import.Pt2;

/// <summary>The symbols of dynamic sizes with their ranges.</summary>
internal sealed class SymbolTable(IReadOnlyDictionary<string, Pt2RangeConstraint> ranges, Pt2ImportOptions options)
{
    private const long Unbounded = int.MaxValue;

    private readonly Dictionary<string, SymExpr.Symbol> symbols = new(StringComparer.Ordinal);

    /// <summary>A size.</summary>
    /// <exception cref="ModelFormatException">The expression cannot be read, or a symbol has no upper bound.</exception>
    public Dim Size(Pt2SymInt size) => size.Value is { } fixedSize ? fixedSize
        : size.Expression is { } text ? new Dim(SympyParser.Parse(text, name => Symbol(name, IsSymbol(text, name) ? size.Hint : null)))
        : throw new ModelFormatException("a size", "a number or an expression", "neither");

    /// <summary>All sizes.</summary>
    public Dim[] Sizes(IReadOnlyList<Pt2SymInt> sizes) => [.. sizes.Select(Size)];

    private static bool IsSymbol(string text, string name) => text == name || text.StartsWith($"Symbol('{name}'", StringComparison.Ordinal);

    private SymExpr Symbol(string name, long? hint)
    {
        if (symbols.TryGetValue(name, out var known))
            return known;
        var range = ranges.TryGetValue(name, out var given) ? given : new Pt2RangeConstraint(null, null);
        long min = Math.Max(range.Min ?? 0, 0);
        long? max = range.Max is { } m and < Unbounded ? m : null;
        if (options.Maxima?.TryGetValue(name, out long limit) == true)
            max = limit;
        max ??= options.UnboundedMaximum ?? hint
            ?? throw new ModelFormatException($"symbol {name}", "an upper bound", "none; give one in the options");
        // torch.export specializes on 0 and 1: a range that starts at 2 holds for 1 too.
        return symbols[name] = new SymExpr.Symbol(name, min, max.Value);
    }
}
