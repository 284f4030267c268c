using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Operators.Decompositions.Common;

/// <summary>Rows of operators that are always written with others.</summary>
internal static class Decomposed
{
    /// <summary>An operator with one result.</summary>
    public static OperatorDefinition One(string schema, Func<IGraphBuilder, IReadOnlyList<Argument>, Value> rule) =>
        new(schema) { Decompose = (b, args) => [rule(b, args)] };

    /// <summary>An operator with several results.</summary>
    public static OperatorDefinition Many(string schema, Func<IGraphBuilder, IReadOnlyList<Argument>, Value[]> rule) =>
        new(schema) { Decompose = (b, args) => rule(b, args) };

    /// <summary>An operator that is another with the same leading arguments.</summary>
    public static OperatorDefinition Same(string schema, string op, int count) =>
        new(schema) { Decompose = (b, args) => b.CallMany(op, [.. args.Take(count)]) };

    /// <summary>Several schemas of one meaning, as <c>narrow</c> with an integer or a tensor.</summary>
    public static InvalidOperationException Unsupported(string what) => new(what + " is not supported");
}
