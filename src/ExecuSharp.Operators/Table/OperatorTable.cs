using System.Collections.Frozen;

namespace ExecuSharp.Operators.Table;

/// <summary>All operators, found by functional name or by the name of their kernel in a program.</summary>
public sealed class OperatorTable
{
    private readonly FrozenDictionary<string, OperatorDefinition> byName;
    private readonly FrozenDictionary<string, OperatorDefinition> byOutName;

    /// <summary>Makes a table from rows. Names must be unique.</summary>
    public OperatorTable(IEnumerable<OperatorDefinition> rows)
    {
        Rows = [.. rows];
        byName = Rows.ToFrozenDictionary(r => r.Name, StringComparer.Ordinal);
        byOutName = Rows.Where(r => r.OutName is not null).ToFrozenDictionary(r => r.OutName!, StringComparer.Ordinal);
    }

    /// <summary>The table with every operator of this assembly.</summary>
    public static OperatorTable Default { get; } = new(OperatorFamilies.All());

    /// <summary>All rows, in the order of the families.</summary>
    public IReadOnlyList<OperatorDefinition> Rows { get; }

    /// <summary>The operator with this functional name, or null.</summary>
    public OperatorDefinition? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The operator whose kernel has this name in a program, or null.</summary>
    public OperatorDefinition? FindKernel(string outName) => byOutName.GetValueOrDefault(outName);
}
