using ExecuSharp.Core;
using ExecuSharp.Tools.Fuzzing;

namespace ExecuSharp.Tests.Conformance.Archives;

/// <summary>Archives that end too early.</summary>
public class CutArchiveTests
{
    [Fact]
    public void CutFilesAreRefused()
    {
        foreach (string path in ArchiveCases.List("").Where(p => p.EndsWith(".pt2") || p.EndsWith(".safetensors") || (p.StartsWith("models/") && p.EndsWith(".pt"))))
        {
            byte[] bytes = ArchiveCases.Read(path);
            for (int k = 1; k <= 20; k++)
                Assert.Throws<ModelFormatException>(() => ReadAll(path, bytes[..(int)((long)bytes.Length * (20 - k) / 20)]));
        }
    }

    private static void ReadAll(string path, byte[] bytes) => (Path.GetExtension(path) switch
    {
        ".safetensors" => FuzzTarget.SafeTensors,
        ".pt2" => FuzzTarget.Pt2,
        ".pkl" => FuzzTarget.Pickle,
        _ => FuzzTarget.Checkpoint,
    }).Read(bytes, null);
}
