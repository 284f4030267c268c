using ExecuSharp.Core;

namespace ExecuSharp.Import.Onnx;

/// <summary>What an ONNX file leaves open.</summary>
public sealed record OnnxImportOptions
{
    /// <summary>Sizes of inputs by name; needed where the file leaves them open.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> InputShapes { get; init; } = new Dictionary<string, IReadOnlyList<long>>();

    /// <summary>Sizes that stay open in the program, with their ranges, by input name and dimension.</summary>
    public IReadOnlyDictionary<(string Input, int Dim), (long Min, long Max)> Dynamic { get; init; } = new Dictionary<(string, int), (long, long)>();

    /// <summary>Inputs that become constants, by name; in the element types of <see cref="OnnxTensors"/>.</summary>
    public IReadOnlyDictionary<string, Tensor> Freeze { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>Sizes of each element of sequence inputs, by name. The program gets an input for each element, named name.0, name.1, ….</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IReadOnlyList<long>>> SequenceShapes { get; init; } = new Dictionary<string, IReadOnlyList<IReadOnlyList<long>>>();

    /// <summary>Optional inputs (of optional type) that hold nothing.</summary>
    public IReadOnlySet<string> AbsentInputs { get; init; } = new HashSet<string>();

    /// <summary>Size that open dimensions without an entry in <see cref="InputShapes"/> get; null refuses them.</summary>
    public long? DefaultDimension { get; init; }

    /// <summary>Most nodes that the graph may have, unrolled loops and recurrent layers included.</summary>
    public int MaxNodes { get; init; } = 500_000;

    /// <summary>Most turns that unrolled loops may make together.</summary>
    public int MaxUnrolledTurns { get; init; } = 20_000;

    /// <summary>Name of the method.</summary>
    public string MethodName { get; init; } = "forward";
}
