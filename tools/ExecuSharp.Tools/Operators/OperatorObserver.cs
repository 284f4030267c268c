using ExecuSharp.Operators.Table;

namespace ExecuSharp.Tools.Operators;

/// <summary>Notes which operators of the table are written with others while a model is imported. Changes the table of this process.</summary>
internal sealed class OperatorObserver
{
    private readonly HashSet<string> decomposed = new(StringComparer.Ordinal);

    public OperatorObserver()
    {
        var property = typeof(OperatorDefinition).GetProperty(nameof(OperatorDefinition.Decompose))!;
        foreach (var row in OperatorTable.Default.Rows)
            if (row.Decompose is { } original)
                property.SetValue(row, (Decomposition)((builder, args) =>
                {
                    decomposed.Add(row.Name);
                    return original(builder, args);
                }));
    }

    /// <summary>Functional names since <see cref="Start"/>.</summary>
    public IReadOnlySet<string> Decomposed => decomposed;

    public void Start() => decomposed.Clear();
}
