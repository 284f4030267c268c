using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Pt2;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Formats.TorchArchive;

namespace ExecuSharp.Tests.Conformance.Archives;

public class MutationTests
{
    private const int PerFile = 50;

    [Fact]
    public void MutatedFilesGiveNothingButFormatErrors()
    {
        var random = new Random(20260801);
        int files = 0, refused = 0;
        foreach (string path in ArchiveCases.List("").Where(p => !p.EndsWith(".json")))
        {
            byte[] original = ArchiveCases.Read(path);
            for (int i = 0; i < PerFile; i++)
            {
                byte[] bytes = Mutate(original, random);
                files++;
                try
                {
                    ReadAll(path, bytes);
                }
                catch (ModelFormatException)
                {
                    refused++;
                }
                catch (Exception e)
                {
                    Assert.Fail($"{path}, mutation {i}: {e}");
                }
            }
        }
        Assert.True(files >= 5000 && refused > files / 3, $"{refused} of {files} refused");
    }

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

    private static void ReadAll(string path, byte[] bytes)
    {
        if (path.EndsWith(".safetensors"))
        {
            using var file = SafeTensorsFile.Parse(bytes);
            foreach (var (_, tensor) in file.Tensors)
                tensor.Bytes();
        }
        else if (path.EndsWith(".pt2"))
        {
            using var archive = Pt2Archive.Open(new ByteSource(bytes));
            foreach (var tensor in archive.Model.Weights.Values.Concat(archive.Model.Constants.Values))
                tensor.Bytes();
        }
        else if (path.EndsWith(".pkl"))
        {
            PickleJson.ToNode(Unpickler.Load(bytes, new PickleResolver()));
        }
        else
        {
            using var checkpoint = TorchCheckpoint.Load(bytes);
            foreach (var (_, tensor) in checkpoint.StateDict())
                tensor.Bytes();
            PickleJson.ToNode(checkpoint.Root);
        }
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToArray();
        int count = 1 << random.Next(4);
        for (int i = 0; i < count && bytes.Length > 0; i++)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes[at] = (byte)(random.Next(2) * 255); break;
                case 3: bytes.AsSpan(at, Math.Min(bytes.Length - at, 1 + random.Next(8))).Fill((byte)(random.Next(2) * 255)); break;
                case 4: random.NextBytes(bytes.AsSpan(at, Math.Min(bytes.Length - at, 4))); break;
                default:
                    int from = random.Next(bytes.Length);
                    int length = Math.Min(random.Next(64), bytes.Length - Math.Max(at, from));
                    bytes.AsSpan(from, length).ToArray().CopyTo(bytes.AsSpan(at));
                    break;
            }
        }
        return random.Next(10) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }
}
