using System.IO.Compression;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.FlatTensor;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Numpy;

namespace ExecuSharp.Tools.Fuzzing;

/// <summary>An intact file, what is done with it, and the recorded inputs of its model where there are any.</summary>
public sealed record FuzzSeed(FuzzTarget Target, string Name, byte[] Bytes, IReadOnlyList<TensorSpec>? Inputs = null)
{
    private const int LargestSeed = 100_000;

    /// <summary>The small files of all formats in <c>tests/corpus</c>.</summary>
    public static IReadOnlyList<FuzzSeed> Corpus()
    {
        var seeds = new List<FuzzSeed> { Npz(), FlatTensor() };
        foreach (string zip in Directory.EnumerateFiles(Repository.File("tests", "corpus"), "*.zip").Order(StringComparer.Ordinal))
        {
            using var archive = ZipFile.OpenRead(zip);
            bool script = Path.GetFileName(zip) == "torchscript.zip";
            foreach (var entry in archive.Entries.Where(e => e.Length is > 0 and <= LargestSeed).OrderBy(e => e.FullName, StringComparer.Ordinal))
                foreach (var target in Targets(entry.FullName, script))
                    seeds.Add(new FuzzSeed(target, entry.FullName,
                        target == FuzzTarget.Program && !entry.Name.EndsWith(".pte", StringComparison.Ordinal) ? BundledProgramFile.Read(new ByteSource(Read(entry))).Program.ToArray() : Read(entry),
                        target == FuzzTarget.TorchScript && archive.GetEntry(Path.ChangeExtension(entry.FullName, ".safetensors")) is { } recorded ? ModelInputs.Specs(Read(recorded)) : null));
        }
        return seeds;
    }

    private static IEnumerable<FuzzTarget> Targets(string name, bool script) => Path.GetExtension(name) switch
    {
        ".bpte" => [FuzzTarget.Program, FuzzTarget.Bundle],
        ".pte" => [FuzzTarget.Program],
        ".ptd" => [FuzzTarget.FlatTensor],
        ".etdp" => [FuzzTarget.EtDump],
        ".safetensors" => [FuzzTarget.SafeTensors],
        ".pt2" => [FuzzTarget.Pt2],
        ".pkl" => [FuzzTarget.Pickle],
        ".pt" when script => [FuzzTarget.TorchScript],
        ".ptl" => [FuzzTarget.TorchScript],
        ".pt" or ".pth" or ".tar" => [FuzzTarget.Checkpoint],
        ".onnx" => [FuzzTarget.Onnx],
        ".png" or ".jpg" or ".bmp" or ".ppm" or ".pgm" or ".pbm" => [FuzzTarget.Picture],
        ".y4m" => [FuzzTarget.Video],
        _ => [],
    };

    private static FuzzSeed Npz()
    {
        var stream = new MemoryStream();
        NpzFile.Write(stream, [KeyValuePair.Create("a", Tensor.From<float>([1, 2, 3, 4, 5, 6], 2, 3)), KeyValuePair.Create("b", Tensor.From<long>([7, 8], 2))], compress: true);
        return new FuzzSeed(FuzzTarget.Npz, "two.npz", stream.ToArray());
    }

    private static FuzzSeed FlatTensor()
    {
        var stream = new MemoryStream();
        FlatTensorFile.Write([("a", ScalarType.Float, [2, 3], [0, 1], new byte[24]), ("b", ScalarType.Long, [2], [0], new byte[16])], stream);
        return new FuzzSeed(FuzzTarget.FlatTensor, "two.ptd", stream.ToArray());
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
