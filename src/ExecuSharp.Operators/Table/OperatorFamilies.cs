namespace ExecuSharp.Operators.Table;

/// <summary>The one list of operator families. Adding an operator is a row in its family's file; adding a family is a line here.</summary>
internal static class OperatorFamilies
{
    public static IEnumerable<OperatorDefinition> All() => Families().SelectMany(f => f);

    private static IEnumerable<IEnumerable<OperatorDefinition>> Families()
    {
        yield return [];
    }
}
