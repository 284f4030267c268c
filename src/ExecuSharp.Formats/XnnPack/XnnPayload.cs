using ExecuSharp.Core;
using ExecuSharp.Formats.FlatBuffers;

namespace ExecuSharp.Formats.XnnPack;

/// <summary>The blob of one XNNPACK delegate: header, FlatBuffer, constants.</summary>
/// <param name="Graph">What is in it.</param>
/// <param name="Header">The header, or null for a raw FlatBuffer.</param>
/// <param name="Identifier">XN01, or XN00 of old files.</param>
public sealed record XnnPayload(XnnGraph Graph, XnnPayloadHeader? Header, string Identifier)
{
    private const string Format = "an XNNPACK payload";

    /// <summary>Reads a payload. Constants are slices of <paramref name="blob"/>.</summary>
    /// <exception cref="ModelFormatException">The blob is broken.</exception>
    public static XnnPayload Read(ReadOnlyMemory<byte> blob)
    {
        var header = XnnPayloadHeader.Read(blob.Span);
        var bytes = header is { } h ? blob.Slice(h.FlatBufferOffset, h.FlatBufferSize) : blob;
        var buffer = new FlatBuffer(bytes, Format);
        string identifier = buffer.Identifier;
        if (identifier is not ("XN00" or "XN01"))
            throw new ModelFormatException($"byte 4 of the FlatBuffer of {Format}", "the identifier XN00 or XN01", $"\"{identifier}\"");
        ReadOnlyMemory<byte>? constants = header is { } at ? blob.Slice(at.ConstantDataOffset, at.ConstantDataSize) : (ReadOnlyMemory<byte>?)null;
        return new XnnPayload(XnnGraphReader.Read(buffer.Root("XNNGraph"), constants), header, identifier);
    }

    /// <summary>
    /// Writes a payload with header XH00 and identifier XN01, as releases 0.3 and later read it. Constants with bytes follow the FlatBuffer,
    /// each aligned to 16; named ones are references. The same graph gives the same bytes.
    /// </summary>
    public static byte[] Write(XnnGraph graph)
    {
        var flat = FlatBufferWriter.Write(XnnGraphWriter.Write(graph, out var data), "XN01", alignEnd: 8);
        int dataOffset = Align(32 + flat.Length);
        var blob = new byte[checked(dataOffset + data.Length)];
        new XnnPayloadHeader(XnnPayloadHeader.Size, 32, flat.Length, dataOffset, data.Length).Write(blob);
        flat.CopyTo(blob, 32);
        data.CopyTo(blob, dataOffset);
        return blob;
    }

    internal static int Align(int length) => checked(length + 15) & ~15;
}
