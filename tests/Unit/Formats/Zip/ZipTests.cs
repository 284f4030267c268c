using System.Buffers.Binary;
using System.IO.Compression;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Tests.Unit.Formats.Zip;

public class ZipTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(4096)]
    public void WrittenMembersComeBackAligned(int alignment)
    {
        byte[] bytes = Write(alignment, ("a/ü", [1, 2, 3], false), ("b", new byte[1000], true), ("empty", [], false), ("c", [4], false));
        using var zip = ZipReader.Open(new ByteSource(bytes));
        Assert.Equal(["a/ü", "b", "empty", "c"], zip.Entries.Select(e => e.Name));
        Assert.Equal([1, 2, 3], zip.Read(zip["a/ü"]).ToArray());
        Assert.Equal(new byte[1000], zip.Read(zip["b"]).ToArray());
        Assert.Equal(0, zip.Read(zip["empty"]).Length);
        Assert.True(zip["b"].CompressedLength < 100);
        Assert.All(zip.Entries.Where(e => e.IsStored), e => Assert.Equal(0, e.DataOffset % alignment));
        using var other = new ZipArchive(new MemoryStream(bytes));
        Assert.Equal(["a/ü", "b", "empty", "c"], other.Entries.Select(e => e.FullName));
        using var content = new MemoryStream();
        other.GetEntry("b")!.Open().CopyTo(content);
        Assert.Equal(new byte[1000], content.ToArray());
        Assert.Equal(bytes, Write(alignment, ("a/ü", [1, 2, 3], false), ("b", new byte[1000], true), ("empty", [], false), ("c", [4], false)));
    }

    [Fact]
    public void MembersWithDataDescriptorsAndACommentAreRead()
    {
        var stream = new WriteOnlyStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            archive.Comment = "PK\u0005\u0006 a comment";
            archive.CreateEntry("folder/");
            using (var one = archive.CreateEntry("one", CompressionLevel.Optimal).Open())
                one.Write(Enumerable.Repeat((byte)7, 500).ToArray());
            using (var two = archive.CreateEntry("two", CompressionLevel.NoCompression).Open())
                two.Write([1, 2, 3]);
        }
        using var zip = ZipReader.Open(new ByteSource(stream.ToArray()));
        Assert.Equal(["one", "two"], zip.Entries.Select(e => e.Name));
        Assert.Equal(Enumerable.Repeat((byte)7, 500), zip.Read(zip["one"]).ToArray());
        Assert.Equal([1, 2, 3], zip.Read(zip["two"]).ToArray());
    }

    [Fact]
    public void Zip64RecordsAreRead()
    {
        var stream = new MemoryStream();
        using (var writer = new ZipWriter(stream))
            for (int i = 0; i < 66_000; i++)
                writer.Add($"{i}", []);
        using var zip = ZipReader.Open(new ByteSource(stream.ToArray()));
        Assert.Equal(66_000, zip.Entries.Count);
        Assert.Equal("65999", zip.Entries[^1].Name);
    }

    [Fact]
    public void WrongCrcIsRefusedAndALeftOutOneIsNot()
    {
        byte[] bytes = Write(1, ("a", [1, 2, 3], false));
        bytes[31]++;
        using (var zip = ZipReader.Open(new ByteSource(bytes)))
            Assert.Contains("CRC", Assert.Throws<ModelFormatException>(() => zip.Read(zip["a"])).Expected);
        int central = Directory(bytes);
        bytes.AsSpan(central + 16, 4).Clear();
        using var without = ZipReader.Open(new ByteSource(bytes));
        Assert.Equal([2, 2, 3], without.Read(without["a"]).ToArray());
    }

    [Fact]
    public void BombsAreRefusedBeforeTheyAreInflated()
    {
        byte[] bytes = Write(1, ("a", new byte[1000], true));
        int central = Directory(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(central + 24), 1 << 30);
        Assert.Contains("1073741824", Assert.Throws<ModelFormatException>(() => ZipReader.Open(new ByteSource(bytes))).Found);
        byte[] zeros = Write(1, ("a", new byte[80 << 20], true));
        Assert.Throws<ModelFormatException>(() => ZipReader.Open(new ByteSource(zeros)));
    }

    [Fact]
    public void WrongInflatedLengthsAreRefused()
    {
        foreach (int length in (int[])[999, 1001])
        {
            byte[] bytes = Write(1, ("a", new byte[1000], true));
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Directory(bytes) + 24), length);
            using var zip = ZipReader.Open(new ByteSource(bytes));
            Assert.Throws<ModelFormatException>(() => zip.Read(zip["a"]));
        }
    }

    [Fact]
    public void NamesUsedTwiceAndOverlapsAreRefused()
    {
        byte[] bytes = Write(1, ("a", [1, 2, 3], false), ("b", [4, 5, 6], false));
        int central = Directory(bytes);
        byte[] twice = [.. bytes];
        twice[central + 46 + 1 + 46] = (byte)'a';
        Assert.Contains("twice", Assert.Throws<ModelFormatException>(() => ZipReader.Open(new ByteSource(twice))).Found);
        byte[] overlap = [.. bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(overlap.AsSpan(central + 47 + 42), 0);
        Assert.Contains("overlap", Assert.Throws<ModelFormatException>(() => ZipReader.Open(new ByteSource(overlap))).Found);
    }

    [Fact]
    public void EncryptionAndOtherMethodsAreRefused()
    {
        byte[] bytes = Write(1, ("a", [1], false));
        bytes[Directory(bytes) + 8] |= 1;
        Assert.Contains("encrypt", Assert.Throws<ModelFormatException>(() => ZipReader.Open(new ByteSource(bytes))).Found);
        bytes = Write(1, ("a", [1], false));
        bytes[Directory(bytes) + 10] = 12;
        Assert.Equal("12", Assert.Throws<ModelFormatException>(() => ZipReader.Open(new ByteSource(bytes))).Found);
    }

    [Fact]
    public void EveryCutIsRefused()
    {
        byte[] bytes = Write(64, ("a", [1, 2, 3], false), ("b", new byte[100], true));
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<ModelFormatException>(() => ZipReader.Open(new ByteSource(bytes.AsMemory(0, length))));
    }

    private static byte[] Write(int alignment, params (string Name, byte[] Data, bool Compress)[] members)
    {
        var stream = new MemoryStream();
        using (var writer = new ZipWriter(stream, alignment))
            foreach (var (name, data, compress) in members)
                writer.Add(name, data, compress);
        return stream.ToArray();
    }

    private static int Directory(byte[] bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(bytes.Length - 6));

    private sealed class WriteOnlyStream : MemoryStream
    {
        public override bool CanSeek => false;
    }
}
