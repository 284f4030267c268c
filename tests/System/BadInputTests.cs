using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace ExecuSharp.Tests.System;

/// <summary>Files that are broken or meant to harm: exit code 4, the cause named, memory bounded, nothing written.</summary>
public sealed class BadInputTests : IDisposable
{
    // 256 MB for the managed heap: a tool that takes more than a file can justify dies with another code.
    private static readonly Dictionary<string, string> SmallHeap = new() { ["DOTNET_GCHeapHardLimit"] = "0x10000000" };

    private readonly string folder = Tool.TemporaryFolder();

    public static TheoryData<string, string> Programs() => new()
    {
        { "cposix\nsystem\n(S'touch pwned'\ntR.", "posix.system" },
        { "c__builtin__\neval\n(S'1'\ntR.", "__builtin__.eval" },
        { "\u0080\u0002csubprocess\nPopen\n(U\u0002lstR.", "subprocess.Popen" },
        { "crunpy\n_run_code\n(tR.", "runpy._run_code" },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_forbidden_global_is_named_and_not_executed(string pickle, string name) =>
        Refused(Archive(("model/data.pkl", Encoding.Latin1.GetBytes(pickle), false), ("model/version", "3\n"u8.ToArray(), false)), name);

    [Fact]
    public void A_zip_bomb_takes_no_memory()
    {
        // 2 GB of zeros in 2 MB
        Refused(Archive(("model/data.pkl", [], true), ("model/version", "3\n"u8.ToArray(), false)), "data.pkl");
        string script = Path.Combine(folder, "script.pt");
        File.WriteAllBytes(script, Archive(("m/code/__torch__.py", [], true), ("m/data.pkl", "\u0080\u0002N."u8.ToArray(), false), ("m/constants.pkl", "\u0080\u0002)."u8.ToArray(), false)));
        Assert.Equal(4, Tool.Run(SmallHeap, "convert", script).Code);
        Assert.Equal(4, Tool.Run(SmallHeap, "inspect", script).Code);
    }

    [Theory]
    [InlineData(0.999)]
    [InlineData(0.5)]
    [InlineData(0.01)]
    public void A_truncated_checkpoint_is_refused(double share)
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Tool.Samples, "PE-Demo-T8-64.pt"));
        Refused(whole[..(int)(whole.Length * share)], "expected");
    }

    [Fact]
    public void A_storage_that_is_shorter_than_its_tensor_is_named()
    {
        using var source = ZipFile.OpenRead(Path.Combine(Tool.Samples, "PE-Demo-T8-64.pt"));
        var members = source.Entries.Select(e => (e.FullName, Bytes(e), false)).ToArray();
        int storage = Array.FindIndex(members, m => m.FullName.EndsWith("/data/5", StringComparison.Ordinal));
        members[storage].Item2 = members[storage].Item2[..^4];
        Refused(Archive(members), "data/5");
    }

    [Fact]
    public void A_changed_byte_is_found_by_its_checksum()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Tool.Samples, "PE-Demo-T8-64.pt"));
        whole[whole.Length / 2] ^= 0x40;
        File.Copy(Path.Combine(Tool.Samples, "model.json"), Path.Combine(folder, "model.json"));
        Refused(whole, "CRC");
    }

    [Fact]
    public void A_pickle_that_claims_more_than_it_has_takes_no_memory()
    {
        // a byte string of 2^62 bytes, and a tensor of 2^62 elements
        Refused(Archive(("m/data.pkl", [0x80, 4, 0x8E, 0, 0, 0, 0, 0, 0, 0, 0x40, (byte)'.'], false)), "pickle");
        Refused([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x3F, (byte)'{'], "expected", ".safetensors");
        byte[] header = Encoding.UTF8.GetBytes("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""");
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        Refused([.. length, .. header, .. new byte[8]], "expected", ".safetensors");
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(100_000, 10)]
    [InlineData(100_000, 100_000)]
    [InlineData(25_000, 25_000)]
    public void Pictures_of_no_size_or_a_huge_one_are_refused(int width, int height)
    {
        string[] files = [Write("a.png", Png(width, height)), Write("b.bmp", Bmp(width, height)), Write("c.ppm", Encoding.ASCII.GetBytes($"P6 {width} {height} 255\n"))];
        foreach (string file in files)
        {
            var (code, _, error) = Tool.Run(SmallHeap, "run", Path.Combine(Tool.Samples, "vision_xnnpack.bpte"), "--image", file);
            Assert.True(code == 4, $"{file}: {code} {error}");
            Assert.Contains(Path.GetFileName(file), error, StringComparison.Ordinal);
            Assert.Contains("expected", error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private void Refused(byte[] content, string named, string extension = ".pt")
    {
        string file = Write("model" + extension, content);
        string[] before = [.. Directory.EnumerateFileSystemEntries(folder)];
        var (code, _, error) = Tool.Run(SmallHeap, "convert", file, "-o", Path.Combine(folder, "out"));
        Assert.True(code == 4, $"{code} {error}");
        Assert.Contains(file, error, StringComparison.Ordinal);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.EnumerateFileSystemEntries(folder));
        Assert.False(File.Exists("pwned"));
    }

    private string Write(string name, byte[] content)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>An archive of stored members, or of 2 GB of zeros compressed.</summary>
    private static byte[] Archive(params (string Name, byte[] Bytes, bool Bomb)[] members)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes, bomb) in members)
            {
                using var member = zip.CreateEntry(name, bomb ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
                var zeros = new byte[1 << 20];
                for (int i = 0; bomb && i < 2048; i++)
                    member.Write(zeros);
                member.Write(bytes);
            }
        return stream.ToArray();
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var member = entry.Open();
        using var copy = new MemoryStream();
        member.CopyTo(copy);
        return copy.ToArray();
    }

    private static byte[] Png(int width, int height)
    {
        byte[] header = [.. "IHDR"u8, .. Big(width), .. Big(height), 8, 2, 0, 0, 0];
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Big(13), .. header, .. Big((int)Crc(header)), .. Big(0), .. "IDAT"u8, .. Big((int)Crc("IDAT"u8)), .. Big(0), .. "IEND"u8, .. Big((int)Crc("IEND"u8))];
    }

    private static byte[] Bmp(int width, int height) =>
        [(byte)'B', (byte)'M', 54, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, .. BitConverter.GetBytes(width), .. BitConverter.GetBytes(height), 1, 0, 24, 0, .. new byte[24]];

    private static byte[] Big(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    // PNG's checksum (ISO 3309)
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
        }
        return ~crc;
    }
}
