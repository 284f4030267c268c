using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.FlatBuffers;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Formats.EtDump;

/// <summary>
/// What ExecuTorch records while it runs (<c>.etdp</c>; etdump_schema_flatcc.fbs; identifier ED00): a FlatBuffer behind four bytes with its length.
/// </summary>
/// <param name="Version">Schema version; 0 seen.</param>
/// <param name="Runs">Blocks in the order in which they were opened.</param>
/// <example><code>
/// using var source = ByteSource.Open("model.etdp");
/// foreach (var run in EtDumpFile.Read(source).Runs)
///     Console.WriteLine($"{run.Name}: {run.Events.Count} events");
/// </code></example>
public sealed record EtDumpFile(uint Version, IReadOnlyList<EtDumpRun> Runs)
{
    private const string Identifier = "ED00";

    /// <summary>True if the bytes start like an <c>.etdp</c>; 12 bytes are enough.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.Length >= 12 && head.Slice(8, 4).SequenceEqual("ED00"u8);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">The bytes are no ETDump.</exception>
    public static EtDumpFile Read(ByteSource source) => source.Read(Parse);

    /// <summary>Writes the file.</summary>
    public byte[] ToBytes() => FlatBufferWriter.Write(EtDumpWriter.Write(this), Identifier, sizePrefixed: true);

    private static EtDumpFile Parse(ByteSource source)
    {
        if (source.Length < 12)
            throw new ModelFormatException("byte 0", "a length, an offset and the identifier ED00", $"{source.Length} bytes");
        uint size = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(source.Slice(0, 4).Span);
        var bytes = source.Slice(4, source.Length - 4, "ETDump");
        if (!Matches(source.Slice(0, 12).Span))
            throw new ModelFormatException("byte 8", $"the identifier {Identifier}", $"\"{PteReader.Printable(source.Slice(8, 4).Span)}\"");
        if (size > bytes.Length)
            throw new ModelFormatException("byte 0 (length)", $"at most the {bytes.Length} bytes behind it; the file may be truncated", $"{size}");
        if (size < 8)
            throw new ModelFormatException("byte 0 (length)", "at least 8", $"{size}");
        return EtDumpReader.Read(new FlatBuffer(bytes[..(int)size], ".etdp").Root("ETDump"));
    }
}
