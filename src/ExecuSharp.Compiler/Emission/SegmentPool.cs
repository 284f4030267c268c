using System.Security.Cryptography;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Compiler.Emission;

/// <summary>The segments of a program: constants first, then initial values, delegate payloads, named data. Equal bytes are stored once.</summary>
internal sealed class SegmentPool
{
    private const int ConstantAlignment = 16;

    private readonly List<ReadOnlyMemory<byte>> constants = [];
    private readonly List<ulong> constantOffsets = [0];
    private readonly Dictionary<string, uint> constantIndex = [];
    private readonly List<ReadOnlyMemory<byte>> initial = [];
    private readonly List<ulong> initialOffsets = [0];
    private readonly List<ReadOnlyMemory<byte>> payloads = [];
    private readonly Dictionary<string, int> payloadIndex = [];
    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> named = new(StringComparer.Ordinal);
    private ulong constantBytes;
    private ulong initialBytes;

    /// <summary>Adds a constant and returns its index, 1 or more.</summary>
    public uint Constant(ReadOnlyMemory<byte> bytes)
    {
        string hash = Convert.ToHexString(SHA256.HashData(bytes.Span));
        MappedPages.Release(bytes);
        if (constantIndex.TryGetValue(hash, out uint index))
            return index;
        ulong padding = (ConstantAlignment - (constantBytes % ConstantAlignment)) % ConstantAlignment;
        if (padding > 0)
            constants.Add(new byte[padding]);
        constantBytes += padding;
        constantOffsets.Add(constantBytes);
        constants.Add(bytes);
        constantBytes += (ulong)bytes.Length;
        index = (uint)constantOffsets.Count - 1;
        constantIndex.Add(hash, index);
        return index;
    }

    /// <summary>Adds the initial value of a mutable buffer and returns its index, 1 or more.</summary>
    public uint Initial(ReadOnlyMemory<byte> bytes)
    {
        initialOffsets.Add(initialBytes);
        initial.Add(bytes);
        initialBytes += (ulong)bytes.Length;
        return (uint)initialOffsets.Count - 1;
    }

    /// <summary>Adds a delegate payload and returns its number among the payloads.</summary>
    public int Payload(DelegatePayload payload)
    {
        foreach (var (key, bytes) in payload.NamedData)
            named[key] = bytes;
        string hash = Convert.ToHexString(SHA256.HashData(payload.Blob));
        if (payloadIndex.TryGetValue(hash, out int index))
            return index;
        payloads.Add(payload.Blob);
        payloadIndex.Add(hash, payloads.Count - 1);
        return payloads.Count - 1;
    }

    /// <summary>Makes the program: segment numbers are known now, so delegates get theirs.</summary>
    public PteImage Build(IReadOnlyList<PteMethod> methods)
    {
        var segments = new List<PteSegmentData> { new(constants) };
        var mutableTables = new List<PteSubsegments>();
        if (initialOffsets.Count > 1)
        {
            mutableTables.Add(new PteSubsegments((uint)segments.Count, initialOffsets));
            segments.Add(new PteSegmentData(initial));
        }
        int firstPayload = segments.Count;
        segments.AddRange(payloads.Select(p => new PteSegmentData([p])));
        var names = new List<PteNamedData>();
        foreach (var (key, bytes) in named)
        {
            names.Add(new PteNamedData(key, (uint)segments.Count));
            segments.Add(new PteSegmentData([bytes]));
        }
        var program = new PteProgram
        {
            Methods = [.. methods.Select(m => WithSegments(m, firstPayload))],
            Segments = [.. segments.Select(s => new PteSegment(0, (ulong)s.Length))],
            ConstantSegment = new PteSubsegments(0, constantOffsets),
            MutableDataSegments = mutableTables,
            NamedData = names,
            SegmentBytes = i => Join(segments[i]),
        };
        return new PteImage(program, segments);
    }

    private static PteMethod WithSegments(PteMethod m, int firstPayload) => new()
    {
        Name = m.Name,
        InputTree = m.InputTree,
        OutputTree = m.OutputTree,
        Values = m.Values,
        Inputs = m.Inputs,
        Outputs = m.Outputs,
        Chains = m.Chains,
        Operators = m.Operators,
        Delegates = [.. m.Delegates.Select(d => d with { Index = d.Index + (uint)firstPayload })],
        MemorySizes = m.MemorySizes,
    };

    private static ReadOnlyMemory<byte> Join(PteSegmentData segment)
    {
        if (segment.Pieces.Count == 1)
            return segment.Pieces[0];
        var bytes = new byte[segment.Length];
        int at = 0;
        foreach (var piece in segment.Pieces)
        {
            piece.CopyTo(bytes.AsMemory(at));
            at += piece.Length;
        }
        return bytes;
    }
}
