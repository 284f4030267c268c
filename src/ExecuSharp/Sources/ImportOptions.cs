using ExecuSharp.Core;

namespace ExecuSharp.Sources;

/// <summary>What a source file leaves open.</summary>
public sealed record ImportOptions
{
    /// <summary>Architecture of a bare checkpoint; null to find it from the tensors.</summary>
    public string? ModelName { get; init; }

    /// <summary>Sizes of inputs, by name or by position.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> InputShapes { get; init; } = new Dictionary<string, IReadOnlyList<long>>();

    /// <summary>Element types of inputs, by name or by position; Float where none is given.</summary>
    public IReadOnlyDictionary<string, ScalarType> InputTypes { get; init; } = new Dictionary<string, ScalarType>();

    /// <summary>Dimensions that stay open, with their ranges, by <c>NAME.DIM</c>.</summary>
    public IReadOnlyDictionary<(string Input, int Dim), (long Min, long Max)> Dynamic { get; init; } = new Dictionary<(string, int), (long, long)>();

    /// <summary>Inputs that become constants; tensors without dimensions stand for inputs of TorchScript that are numbers or truth values.</summary>
    public IReadOnlyDictionary<string, Tensor> Freeze { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>Name of the method.</summary>
    public string MethodName { get; init; } = "forward";
}
