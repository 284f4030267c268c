using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;

namespace ExecuSharp.Models.Embeddings;

/// <summary>A vector of length 1 for each class: what embeddings are compared with.</summary>
public sealed class ClassMatrix
{
    private const string TensorName = "class_matrix";
    private const string LabelPrefix = "label.";

    /// <summary>Makes a matrix.</summary>
    /// <param name="labels">A name for each row.</param>
    /// <param name="matrix">Float [classes, dimensions]; rows of length 1.</param>
    /// <exception cref="ArgumentException">The sizes do not fit, or there is no class.</exception>
    public ClassMatrix(IReadOnlyList<string> labels, Tensor matrix)
    {
        if (labels.Count == 0)
            throw new ArgumentException("the label list is empty");
        if (matrix.Type != ScalarType.Float || matrix.Rank != 2 || matrix.Sizes[0] != labels.Count || matrix.Sizes[1] == 0)
            throw new ArgumentException($"{labels.Count} labels need a Float[{labels.Count}, dimensions], not {matrix}");
        Labels = labels;
        Matrix = matrix;
    }

    /// <summary>Names of the rows.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>Float [classes, dimensions].</summary>
    public Tensor Matrix { get; }

    /// <summary>Size of a vector.</summary>
    public int Dimensions => Matrix.Sizes[1];

    /// <summary>The vector of a class.</summary>
    public ReadOnlySpan<float> Row(int index) => Matrix.Span<float>().Slice(index * Dimensions, Dimensions);

    /// <summary>Writes the matrix with its labels as <c>.safetensors</c>, under a temporary name first.</summary>
    /// <param name="path">The file; replaced if there.</param>
    /// <param name="key">Text that <see cref="TryLoad"/> compares.</param>
    public void Save(string path, string key = "")
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["key"] = key };
        for (int i = 0; i < Labels.Count; i++)
            metadata[$"{LabelPrefix}{i:D6}"] = Labels[i];
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        SafeTensorsWriter.Write(temporary, [KeyValuePair.Create(TensorName, Matrix)], metadata);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads a matrix.</summary>
    /// <exception cref="ModelFormatException">The file is missing or broken.</exception>
    public static ClassMatrix Load(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        var tensor = file.GetTensor(TensorName).Clone();
        string[] labels = [.. file.Metadata.Where(m => m.Key.StartsWith(LabelPrefix, StringComparison.Ordinal)).OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => m.Value)];
        return tensor is { Type: ScalarType.Float, Rank: 2 } && labels.Length > 0 && tensor.Sizes[0] == labels.Length && tensor.Sizes[1] > 0
            ? new ClassMatrix(labels, tensor)
            : throw new ModelFormatException($"tensor '{TensorName}'", "a Float matrix with a label for each row", $"{tensor} and {labels.Length} labels", path);
    }

    /// <summary>Reads a matrix that was saved with this key; null if there is no such file, or it is broken or of another key.</summary>
    public static ClassMatrix? TryLoad(string path, string key)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using (var file = SafeTensorsFile.Open(path))
                if (file.Metadata.GetValueOrDefault("key") != key)
                    return null;
            return Load(path);
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }
}
