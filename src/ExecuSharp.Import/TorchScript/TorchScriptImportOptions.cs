using ExecuSharp.Core;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript;

/// <summary>Choices of <see cref="TorchScriptImporter"/>.</summary>
public sealed record TorchScriptImportOptions
{
    /// <summary>Name of the method.</summary>
    public string MethodName { get; init; } = "forward";

    /// <summary>Type and sizes of each tensor input in order; null to use those that the file has or that its first layer determines.</summary>
    public IReadOnlyList<TensorSpec>? InputShapes { get; init; }

    /// <summary>Values of inputs that are numbers or truth values, by name; those with a default may be missing.</summary>
    public IReadOnlyDictionary<string, Argument>? Scalars { get; init; }
}
