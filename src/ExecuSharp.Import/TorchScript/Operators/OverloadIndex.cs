using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>The rows of the operator table by name without overload.</summary>
internal sealed class OverloadIndex
{
    private readonly Dictionary<string, List<OperatorDefinition>> rows = new(StringComparer.Ordinal);

    public OverloadIndex(OperatorTable table)
    {
        foreach (var row in table.Rows)
        {
            int dot = row.Name.IndexOf('.');
            string name = dot < 0 ? row.Name : row.Name[..dot];
            if (!rows.TryGetValue(name, out var list))
                rows.Add(name, list = []);
            list.Add(row);
        }
    }

    /// <summary>All overloads, the one without overload name first.</summary>
    public IEnumerable<OperatorDefinition> Find(string name) => rows.TryGetValue(name, out var list) ? list.OrderBy(r => r.Name.Contains('.')) : [];

    /// <summary>True if there is any overload.</summary>
    public bool Has(string name) => rows.ContainsKey(name);
}
