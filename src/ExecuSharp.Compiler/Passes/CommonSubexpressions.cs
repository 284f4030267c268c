using System.Runtime.CompilerServices;
using ExecuSharp.Graphs;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Compiler.Passes;

/// <summary>A call with the same operator and arguments as an earlier one takes its results.</summary>
internal sealed class CommonSubexpressions : IRewriteRule
{
    private readonly Dictionary<string, Node> seen = new(StringComparer.Ordinal);

    public string Name => "common subexpressions";

    public Patch? Apply(Node node, RewriteContext rewrite)
    {
        if (!node.Operator.IsPure || node.Args.Any(a => a.Payload is not (null or Value or long or double or bool or string or Core.ScalarType or Argument[])))
            return null;
        string key = node.Op + "(" + string.Join(",", node.Args.Select(Key)) + ")";
        if (seen.TryGetValue(key, out var earlier) && earlier.Outputs.All(o => ReferenceEquals(rewrite.Producer(o), earlier)))
            return new Patch([.. earlier.Outputs]);
        seen[key] = node;
        return null;
    }

    private static string Key(Argument argument) => argument.Payload switch
    {
        Value v => "%" + v.Name + "#" + RuntimeHelpers.GetHashCode(v).ToString(System.Globalization.CultureInfo.InvariantCulture),
        Argument[] items => "[" + string.Join(",", items.Select(Key)) + "]",
        double d => "d" + BitConverter.DoubleToInt64Bits(d).ToString(System.Globalization.CultureInfo.InvariantCulture),
        long i => "i" + i.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Core.ScalarType t => "t" + ((int)t).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => argument.ToString(),
    };
}
