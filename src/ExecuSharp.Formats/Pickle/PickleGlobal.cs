namespace ExecuSharp.Formats.Pickle;

/// <summary>The name of a class or function. It is never looked up.</summary>
/// <param name="module">The module: <c>collections</c>.</param>
/// <param name="name">The name in it: <c>OrderedDict</c>.</param>
public sealed class PickleGlobal(string module, string name) : PickleValue
{
    /// <summary>The module.</summary>
    public string Module { get; } = module;

    /// <summary>The name in the module.</summary>
    public string Name { get; } = name;

    /// <summary>Module and name with a dot between.</summary>
    public string FullName => $"{Module}.{Name}";

    /// <inheritdoc/>
    public override string ToString() => FullName;
}
