using System.IO.Compression;
using System.Text.Json;
using ExecuSharp.Core;
using ExecuSharp.Import.Onnx;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>Broken files are refused with a place and a reason; nothing else than the two exceptions ever comes out of the importer.</summary>
public sealed class OnnxBrokenTests
{
    // Good files, one whose node names repeat (labels only), and one that uses ONNX Runtime's domain without declaring it, as its own tools write.
    private static readonly string[] Accepted = ["good_for_comparison", "good_with_trailing_unknown_field", "duplicate_node_names", "domain_not_imported"];

    /// <summary>The recorded broken files.</summary>
    [Fact]
    public void BrokenFilesAreRefused()
    {
        string folder = Directory.CreateTempSubdirectory("onnx-broken-").FullName;
        try
        {
            using var zip = Corpus.Open("onnx.zip");
            foreach (var entry in zip.Entries.Where(e => e.FullName.StartsWith("broken/", StringComparison.Ordinal)))
            {
                string path = Path.Combine(folder, entry.FullName);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                entry.ExtractToFile(path);
            }
            using var list = JsonDocument.Parse(Corpus.Read(zip, "broken.json"));
            var wrong = new List<string>();
            foreach (var item in list.RootElement.EnumerateArray())
            {
                string name = item.GetProperty("case").GetString()!;
                string? message = Refusal(() => OnnxImporter.Import(Path.Combine(folder, item.GetProperty("model").GetString()!), new OnnxImportOptions { DefaultDimension = 2 }).Dispose());
                if (message is null != Accepted.Contains(name))
                    wrong.Add($"{name} ({item.GetProperty("what_is_wrong").GetString()}): {message ?? "accepted"}");
            }
            Assert.Empty(wrong);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Damaged bytes of good models.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void DamagedModelsNeverFailOtherwise(int seed)
    {
        var files = OnnxRecordedTests.Packed();
        var random = new Random(seed);
        foreach (var c in OnnxCase.ReadIndex(files.Read("onnx.zip", "index.json")))
        {
            byte[] model = files.Read(c.Zip, c.Model);
            for (int k = 0; k < 4; k++)
            {
                byte[] damaged = k == 3 ? model[..random.Next(model.Length)] : [.. model];
                for (int i = random.Next(1, 4); i > 0 && damaged.Length > 0; i--)
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                Refusal(() => OnnxImporter.Import(damaged, new OnnxImportOptions { DefaultDimension = 3 }));
            }
        }
    }

    /// <summary>The message of a refusal, or null; any other exception fails the test.</summary>
    private static string? Refusal(Action import)
    {
        try
        {
            import();
            return null;
        }
        catch (Exception e) when (e is ModelFormatException or UnsupportedModelException)
        {
            return e.Message;
        }
    }
}
