namespace ExecuSharp.Formats.Pte;

/// <summary>An operator by name and overload.</summary>
public sealed record PteOperator(string Name, string Overload)
{
    /// <summary>The kernel's key: name and overload with a dot, or the name alone.</summary>
    public string Key => Overload.Length == 0 ? Name : Name + "." + Overload;
}
