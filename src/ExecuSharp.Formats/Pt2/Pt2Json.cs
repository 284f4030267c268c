using System.Globalization;
using System.Text.Json;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pt2;

/// <summary>A JSON value that knows where it is, for errors.</summary>
internal sealed class Pt2Json(JsonElement element, Pt2Json? parent, string name)
{
    public string Place => parent is null ? name : $"{parent.Place}/{name}";

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    public Pt2Json this[string key] => Optional(key) ?? throw new ModelFormatException(Place, $"a field '{key}'", "none");

    /// <summary>The field, or null if it is missing or null.</summary>
    public Pt2Json? Optional(string key)
    {
        Expect(JsonValueKind.Object, "an object");
        return element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? new Pt2Json(value, this, key) : null;
    }

    public T[] List<T>(Func<Pt2Json, T> read)
    {
        Expect(JsonValueKind.Array, "a list");
        var result = new T[element.GetArrayLength()];
        int i = 0;
        foreach (var item in element.EnumerateArray())
        {
            result[i] = read(new Pt2Json(item, this, i.ToString(CultureInfo.InvariantCulture)));
            i++;
        }
        return result;
    }

    public Dictionary<string, T> Map<T>(Func<Pt2Json, T> read)
    {
        Expect(JsonValueKind.Object, "an object");
        var result = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var item in element.EnumerateObject())
            if (!result.TryAdd(item.Name, read(new Pt2Json(item.Value, this, item.Name))))
                throw new ModelFormatException(Place, "each name once", $"'{item.Name}' twice");
        return result;
    }

    /// <summary>The one field of a union.</summary>
    public (string Kind, Pt2Json Value) Union()
    {
        Expect(JsonValueKind.Object, "an object");
        string? kind = null;
        JsonElement value = default;
        foreach (var item in element.EnumerateObject())
        {
            if (kind is not null)
                throw new ModelFormatException(Place, "one field", "several");
            (kind, value) = (item.Name, item.Value);
        }
        return kind is null ? throw new ModelFormatException(Place, "one field", "none") : (kind, new Pt2Json(value, this, kind));
    }

    public string Text()
    {
        Expect(JsonValueKind.String, "text");
        return element.GetString()!;
    }

    public long Int()
    {
        Expect(JsonValueKind.Number, "an integer");
        return element.TryGetInt64(out long value) ? value : throw new ModelFormatException(Place, "an integer of 64 bits", element.GetRawText());
    }

    /// <summary>A bound of a range: null where it is infinite or beyond 64 bits.</summary>
    public long? Bound() => element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long value) ? value : null;

    public double Float()
    {
        if (element.ValueKind == JsonValueKind.String)
            return element.GetString() switch
            {
                "Infinity" or "inf" => double.PositiveInfinity,
                "-Infinity" or "-inf" => double.NegativeInfinity,
                "NaN" or "nan" => double.NaN,
                var text => throw new ModelFormatException(Place, "a float", $"'{text}'"),
            };
        Expect(JsonValueKind.Number, "a float");
        return element.TryGetDouble(out double value) ? value : throw new ModelFormatException(Place, "a float", element.GetRawText());
    }

    public bool Bool() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new ModelFormatException(Place, "true or false", element.ValueKind.ToString()),
    };

    private void Expect(JsonValueKind kind, string what)
    {
        if (element.ValueKind != kind)
            throw new ModelFormatException(Place, what, element.ValueKind.ToString());
    }
}
