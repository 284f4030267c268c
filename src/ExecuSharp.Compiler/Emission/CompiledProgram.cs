using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Compiler.Emission;

/// <summary>A program ready to be written.</summary>
/// <param name="Image">Tables and segments.</param>
/// <param name="Options">How it was compiled.</param>
/// <param name="ExternalWeights">Tensors for a data file beside the program; empty without <see cref="CompileOptions.ExternalWeights"/>.</param>
/// <param name="DelegatedNodes">By method: the number of operators of its graph that are inside delegates.</param>
public sealed record CompiledProgram(PteImage Image, CompileOptions Options, IReadOnlyList<ExternalTensor> ExternalWeights, IReadOnlyDictionary<string, int> DelegatedNodes)
{
    /// <summary>By method: why a node stayed outside the delegates, by the node's name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Reasons { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Writes the <c>.pte</c>.</summary>
    public void Write(Stream target) => PteWriter.Write(Image, target, Options.Target.HeaderLength);

    /// <summary>The bytes of the <c>.pte</c>.</summary>
    public byte[] ToBytes()
    {
        var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }
}
