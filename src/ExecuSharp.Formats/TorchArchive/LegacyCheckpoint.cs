using System.Buffers.Binary;
using System.Numerics;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>
/// The form before PyTorch 1.6 (torch/serialization.py: _legacy_load): pickles of magic number, protocol, system information, object and
/// storage keys; then each storage as a 64-bit element count and raw little-endian data.
/// </summary>
internal sealed class LegacyCheckpoint : ITorchStorages
{
    // pickles are read from memory at most this large; storages behind are not bound by it
    private const long MaxPickleBytes = int.MaxValue;
    private const int ProtocolVersion = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);

    private readonly ByteSource source;
    private readonly Dictionary<string, (long Offset, long Length)> places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TensorStorage> storages = new(StringComparer.Ordinal);

    private LegacyCheckpoint(ByteSource source) => this.source = source;

    public static (PickleValue Root, TorchContainer Container) Read(ByteSource source, TorchLoadOptions options)
    {
        CheckKind(source);
        var data = (ReadOnlyMemory<byte>)source.Slice(0, Math.Min(source.Length, MaxPickleBytes), "the pickles");
        var scanner = new LegacyScanner(new TorchResolver(new LegacyCheckpoint(source), options));
        var first = Unpickler.Load(data, scanner, out int at);
        if (first is not PickleBigInt { Value: var magic } || magic != Magic)
            return first is PickleInt or PickleBigInt
                ? throw new ModelFormatException("offset 0", "PyTorch's magic number", first.ToString(), source.Name)
                : (Unpickler.Load(data, new TorchResolver(new LegacyCheckpoint(source), options)), TorchContainer.Pickle);
        var version = Next(data, scanner, ref at);
        if (version.AsInt != ProtocolVersion)
            throw new ModelFormatException("the second pickle", $"protocol {ProtocolVersion}", version.ToString(), source.Name);
        Next(data, scanner, ref at);
        int objectStart = at;
        Next(data, scanner, ref at);
        var keys = Next(data, scanner, ref at).AsSequence
            ?? throw new ModelFormatException("the fifth pickle", "a list of storage keys", "another value", source.Name);
        var file = new LegacyCheckpoint(source);
        file.FindStorages(keys, scanner.ElementSizes, at);
        return (Unpickler.Load(data[objectStart..], new TorchResolver(file, options)), TorchContainer.Legacy);
    }

    public TensorStorage Get(string key, int elementSize, long count, bool isUntyped, string place)
    {
        if (!places.TryGetValue(key, out var range))
            throw new ModelFormatException(place, $"storage '{key}' behind the pickles", "none", source.Name);
        if (count > range.Length / elementSize)
            throw new ModelFormatException($"storage '{key}'", $"{count} elements of {elementSize} bytes", $"{range.Length} bytes", source.Name);
        if (!storages.TryGetValue(key, out var storage))
            storages.Add(key, storage = new TensorStorage(key, range.Length, () => source.Slice(range.Offset, range.Length, $"storage '{key}'")));
        return storage;
    }

    private static PickleValue Next(ReadOnlyMemory<byte> data, PickleResolver resolver, ref int at)
    {
        var value = Unpickler.Load(data[at..], resolver, out int used);
        at += used;
        return value;
    }

    private static void CheckKind(ByteSource source)
    {
        if (source.Length == 0)
            throw new ModelFormatException("offset 0", "a PyTorch file", "an empty file", source.Name);
        if (source.Length > 262 && source.Slice(257, 5, "the tar signature").Span.SequenceEqual("ustar"u8))
            throw new ModelFormatException("offset 257", "a ZIP archive or pickles (PyTorch 0.4 or later)", "a tar archive: the form of PyTorch before 0.4 is not read", source.Name);
        byte start = source.Slice(0, 1, "the first byte").Span[0];
        if (start is not (0x80 or (byte)'(' or (byte)']' or (byte)'}' or (byte)'c' or (byte)'L'))
            throw new ModelFormatException("offset 0", "a ZIP archive ('PK') or a pickle (0x80)", $"0x{start:x2}: not a PyTorch file", source.Name);
    }

    private void FindStorages(IReadOnlyList<PickleValue> keys, IReadOnlyDictionary<string, int> elementSizes, long at)
    {
        foreach (var value in keys)
        {
            string key = value.AsString ?? value.AsInt?.ToString() ?? throw new ModelFormatException("the storage keys", "text", value.ToString(), source.Name);
            string place = $"storage '{key}'";
            if (!elementSizes.TryGetValue(key, out int size))
                throw new ModelFormatException(place, "a storage that the object names", "one that it does not", source.Name);
            long count = BinaryPrimitives.ReadInt64LittleEndian(source.Slice(at, 8, place).Span);
            at += 8;
            if (count < 0 || count > (source.Length - at) / size)
                throw new ModelFormatException(place, $"at most {(source.Length - at) / size} elements", $"{count}", source.Name);
            if (!places.TryAdd(key, (at, count * size)))
                throw new ModelFormatException(place, "each key once", "twice", source.Name);
            at += count * size;
        }
    }
}
