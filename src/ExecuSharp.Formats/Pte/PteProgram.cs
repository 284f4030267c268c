using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pte;

/// <summary>A <c>.pte</c> file as inert records (program.fbs; identifier ET12). Indices are checked by <see cref="PteVerifier"/>, not here.</summary>
public sealed class PteProgram
{
    /// <summary>Schema version; always 0 so far.</summary>
    public uint Version { get; init; }

    /// <summary>The extended header, or null if the file has none.</summary>
    public PteHeader? Header { get; init; }

    /// <summary>Bytes of the FlatBuffer with the header.</summary>
    public long ProgramSize { get; init; }

    /// <summary>Bytes of the file.</summary>
    public long FileSize { get; init; }

    /// <summary>Methods.</summary>
    public required IReadOnlyList<PteMethod> Methods { get; init; }

    /// <summary>Constants of the old scheme, inside the FlatBuffer; entry 0 is a placeholder.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ConstantBuffer { get; init; } = [];

    /// <summary>Delegate payloads inside the FlatBuffer.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> InlineDelegateData { get; init; } = [];

    /// <summary>Segments behind the FlatBuffer, offsets from the segment base.</summary>
    public IReadOnlyList<PteSegment> Segments { get; init; } = [];

    /// <summary>Where constants lie in a segment; null if the table is absent.</summary>
    public PteSubsegments? ConstantSegment { get; init; }

    /// <summary>Initial values of mutable buffers.</summary>
    public IReadOnlyList<PteSubsegments> MutableDataSegments { get; init; } = [];

    /// <summary>Named data, in file order.</summary>
    public IReadOnlyList<PteNamedData> NamedData { get; init; } = [];

    /// <summary>Reads a segment's bytes; set by the reader, and by a writer that holds the bytes.</summary>
    public required Func<int, ReadOnlyMemory<byte>> SegmentBytes { get; init; }

    /// <summary>True if constants are in a segment (every file since 0.4).</summary>
    public bool HasConstantSegment => ConstantSegment is { Offsets.Count: > 0 };

    /// <summary>The method of this name, or null.</summary>
    public PteMethod? FindMethod(string name) => Methods.FirstOrDefault(m => m.Name == name);

    /// <summary>The payload of a delegate, or null if its index is outside the program.</summary>
    public ReadOnlyMemory<byte>? DelegateData(PteDelegate of)
    {
        ArgumentNullException.ThrowIfNull(of);
        if (of.InSegment)
            return of.Index < Segments.Count ? SegmentBytes((int)of.Index) : null;
        return of.Index < InlineDelegateData.Count ? InlineDelegateData[(int)of.Index] : null;
    }
}
