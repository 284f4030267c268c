using ExecuSharp.Core;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Models.Checkpoints;

/// <summary>Compares the tensors of a checkpoint with those an architecture needs; everything wrong is reported together.</summary>
internal sealed class KeyCheck(Checkpoint checkpoint, string architecture)
{
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly List<string> missing = [];
    private readonly List<string> misshapen = [];

    /// <summary>A tensor that must be there with this shape.</summary>
    public void Require(string key, params ReadOnlySpan<long> shape)
    {
        if (!known.Add(key))
            return;
        if (!checkpoint.Tensors.TryGetValue(key, out var tensor))
            missing.Add($"{key} {Text(shape)}");
        else if (!tensor.Shape.SequenceEqual(shape))
            misshapen.Add($"{key} {Text(tensor.Shape)} instead of {Text(shape)}");
        else if (!IsUsable(tensor))
            misshapen.Add($"{key} of {tensor.Type.Name()} instead of a float type");
    }

    /// <summary>A tensor that may be there and is not used.</summary>
    public void Ignore(string key) => known.Add(key);

    /// <summary>Ends the check.</summary>
    /// <exception cref="ModelFormatException">A key is missing, misshapen or unexpected.</exception>
    public void Finish()
    {
        var unexpected = checkpoint.Names.Where(n => !known.Contains(n)).Select(n => $"{n} {Text(checkpoint.Tensors[n].Shape)}").ToList();
        var found = new List<string>();
        Add(found, "missing", missing);
        Add(found, "unexpected", unexpected);
        Add(found, "misshapen", misshapen);
        if (found.Count > 0)
            throw new ModelFormatException("the state dict", $"the tensors of {architecture}", string.Join("; ", found), checkpoint.Path ?? checkpoint.Name);
    }

    private static bool IsUsable(StoredTensor tensor) => tensor.Type.IsFloating() && tensor.Quantizer is null;

    private static void Add(List<string> found, string what, List<string> keys)
    {
        if (keys.Count > 0)
            found.Add($"{keys.Count} {what}: {string.Join(", ", keys)}");
    }

    private static string Text(ReadOnlySpan<long> shape) => "[" + string.Join(", ", shape.ToArray()) + "]";
}
