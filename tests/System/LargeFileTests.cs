using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Tests.System;

/// <summary>Sparse files of 2 GiB with a valid head are inspected without reading them: weights stay on disk.</summary>
public sealed class LargeFileTests
{
    private const long Size = 1L << 31;
    private const long MostResident = 200_000_000;

    [LinuxFact]
    public void A_program_of_2_GiB()
    {
        byte[] program;
        using (var bundle = ByteSource.Open(Path.Combine(Tool.Samples, "vision_xnnpack.bpte")))
            program = BundledProgramFile.Read(bundle).Program.ToArray();
        // The last segment reaches to the end of the file.
        var records = PteReader.Read(program);
        var last = records.Segments.MaxBy(s => s.Offset)!;
        long start = (long)records.Header!.SegmentBase;
        Replace(program.AsSpan(0, (int)start), last.Offset, last.Size, (ulong)(Size - start) - last.Offset);
        Replace(program.AsSpan(0, 64), records.Header.SegmentBase, records.Header.SegmentDataSize, (ulong)(Size - start));
        AssertInspected("model.pte", program, Size, "forward");
    }

    [LinuxFact]
    public void A_safetensors_file_of_2_GiB()
    {
        string header = $$$"""{"weight":{"dtype":"F32","shape":[{{{Size / 4}}}],"data_offsets":[0,{{{Size}}}]}}""";
        byte[] head = new byte[8 + header.Length];
        BinaryPrimitives.WriteInt64LittleEndian(head, header.Length);
        Encoding.ASCII.GetBytes(header, head.AsSpan(8));
        AssertInspected("model.safetensors", head, head.Length + Size, "weight");
    }

    /// <summary>Replaces the number that stands beside <paramref name="neighbour"/>, in either order.</summary>
    private static void Replace(Span<byte> bytes, ulong neighbour, ulong number, ulong by)
    {
        Span<byte> found = stackalloc byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(found, neighbour);
        BinaryPrimitives.WriteUInt64LittleEndian(found[8..], number);
        BinaryPrimitives.WriteUInt64LittleEndian(found[16..], neighbour);
        int before = bytes.IndexOf(found[..16]), behind = bytes.IndexOf(found[8..]);
        Assert.True(before >= 0 != behind >= 0, $"{neighbour} and {number} stand side by side once");
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[(before >= 0 ? before + 8 : behind)..], by);
    }

    private static void AssertInspected(string name, byte[] head, long length, string expected)
    {
        string folder = Tool.TemporaryFolder(), file = Path.Combine(folder, name);
        using (var stream = File.Create(file))
        {
            stream.Write(head);
            stream.SetLength(length);
        }
        var (code, output, error, peak) = Tool.RunWatched("inspect", file);
        Directory.Delete(folder, recursive: true);
        Assert.True(code == 0, error);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.InRange(peak, 1_000_000, MostResident);
    }
}
