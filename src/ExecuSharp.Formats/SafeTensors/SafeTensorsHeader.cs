using System.Text.Json;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.SafeTensors;

/// <summary>The JSON header, checked against the length of the data.</summary>
internal sealed class SafeTensorsHeader
{
    private SafeTensorsHeader(IReadOnlyList<Entry> entries, IReadOnlyDictionary<string, string> metadata) =>
        (Entries, Metadata) = (entries, metadata);

    /// <summary>In the order of the data.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    public IReadOnlyDictionary<string, string> Metadata { get; }

    public sealed record Entry(string Name, ScalarType Type, long[] Shape, long Begin, long End);

    public static SafeTensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength)
    {
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new ModelFormatException("the header", "a JSON object", document.RootElement.ValueKind.ToString());
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw new ModelFormatException("the header", "each name once", $"'{property.Name}' twice");
                if (property.Name == "__metadata__")
                    ReadMetadata(property.Value, metadata);
                else
                    entries.Add(ReadEntry(property.Name, property.Value));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ModelFormatException("the header", "JSON", e.Message, null, e);
        }
        entries.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin)
            : a.End != b.End ? a.End.CompareTo(b.End) : string.CompareOrdinal(a.Name, b.Name));
        CheckCover(entries, dataLength);
        return new SafeTensorsHeader(entries, metadata);
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind == JsonValueKind.Null)
            return;
        if (element.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException("__metadata__", "an object of strings", element.ValueKind.ToString());
        foreach (var item in element.EnumerateObject())
            metadata[item.Name] = item.Value.ValueKind == JsonValueKind.String
                ? item.Value.GetString()!
                : throw new ModelFormatException($"__metadata__ '{item.Name}'", "a string", item.Value.ValueKind.ToString());
    }

    private static Entry ReadEntry(string name, JsonElement element)
    {
        string place = $"tensor '{name}'";
        string? typeName = null;
        long[]? shape = null;
        long[]? offsets = null;
        if (element.ValueKind != JsonValueKind.Object)
            throw new ModelFormatException(place, "an object", element.ValueKind.ToString());
        foreach (var item in element.EnumerateObject())
        {
            switch (item.Name)
            {
                case "dtype" when item.Value.ValueKind == JsonValueKind.String: typeName = item.Value.GetString(); break;
                case "shape": shape = Numbers(place, item.Value); break;
                case "data_offsets": offsets = Numbers(place, item.Value); break;
                default: throw new ModelFormatException(place, "dtype, shape and data_offsets", $"'{item.Name}'");
            }
        }
        if (typeName is null || shape is null || offsets is not { Length: 2 })
            throw new ModelFormatException(place, "dtype, shape and two data_offsets", "not all of them");
        var type = SafeTensorsTypes.Parse(typeName) ?? throw new ModelFormatException(place, "a known dtype", $"'{typeName}'");
        UInt128 bytes = (UInt128)type.SizeOf();
        foreach (long size in shape)
        {
            bytes *= (ulong)size;
            if (bytes > long.MaxValue)
                throw new ModelFormatException(place, "a size below 2^63 bytes", $"[{string.Join(", ", shape)}]");
        }
        if (offsets[1] < offsets[0] || (ulong)(offsets[1] - offsets[0]) != bytes)
            throw new ModelFormatException(place, $"{bytes} bytes for {typeName} [{string.Join(", ", shape)}]", $"data_offsets [{offsets[0]}, {offsets[1]}]");
        return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private static long[] Numbers(string place, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw new ModelFormatException(place, "a list of numbers", element.ValueKind.ToString());
        var numbers = new long[element.GetArrayLength()];
        int i = 0;
        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[i]) || numbers[i] < 0)
                throw new ModelFormatException(place, "integers of 0 or more", item.GetRawText());
            i++;
        }
        return numbers;
    }

    private static void CheckCover(List<Entry> sorted, long dataLength)
    {
        long at = 0;
        foreach (var entry in sorted)
        {
            if (entry.Begin != at)
                throw new ModelFormatException($"tensor '{entry.Name}'", $"data at offset {at}", $"offset {entry.Begin} ({(entry.Begin > at ? "a hole" : "an overlap")})");
            at = entry.End;
        }
        if (at != dataLength)
            throw new ModelFormatException("the data", $"{at} bytes", $"{dataLength} bytes");
    }
}
