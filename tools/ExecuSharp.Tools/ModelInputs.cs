using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;

namespace ExecuSharp.Tools;

/// <summary>The recorded inputs of a model.</summary>
internal static class ModelInputs
{
    /// <summary>Types and sizes of <c>in.0.0</c>, <c>in.0.1</c>, … in a safetensors file.</summary>
    public static IReadOnlyList<TensorSpec> Specs(byte[] file)
    {
        using var tensors = SafeTensorsFile.Parse(file);
        return [.. tensors.Names.Where(n => n.StartsWith("in.0.", StringComparison.Ordinal)).OrderBy(n => n.Length).ThenBy(n => n, StringComparer.Ordinal).Select(n => TensorSpec.Of(tensors.GetTensor(n)))];
    }
}
