using System.IO.Compression;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;

namespace ExecuSharp.Tests.Conformance.Models;

/// <summary>Recorded models as a folder: the packed subset, unpacked once, or the full sets.</summary>
public sealed class ModelData : IDisposable
{
    private readonly string temporary = Path.Combine(Path.GetTempPath(), "execusharp-models-" + Guid.NewGuid().ToString("N"));

    /// <summary>Unpacks the subset.</summary>
    public ModelData()
    {
        using var archive = Corpus.Open("models.zip");
        archive.ExtractToDirectory(temporary);
    }

    /// <summary>The packed subset.</summary>
    public string Packed => temporary;

    /// <summary>The full sets.</summary>
    public static string Shared => SharedFolder.Get("conformance");

    /// <summary>Removes the folder.</summary>
    public void Dispose() => Directory.Delete(temporary, recursive: true);

    /// <summary>Copies of all tensors of a file.</summary>
    public static Dictionary<string, Tensor> Load(string path)
    {
        using var file = SafeTensorsFile.Open(path);
        return file.Names.ToDictionary(n => n, n => file.GetTensor(n).Clone());
    }

    /// <summary>Pixels as the models take them: u8 / 127.5 - 1.</summary>
    public static Tensor Image(Tensor pixels)
    {
        var result = Tensor.Empty(ScalarType.Float, pixels.Sizes);
        var from = pixels.Span<byte>();
        for (int i = 0; i < from.Length; i++)
            result.Span<float>()[i] = (from[i] / 127.5f) - 1;
        return result;
    }
}
