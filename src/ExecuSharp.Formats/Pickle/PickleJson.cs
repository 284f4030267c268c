using System.Text.Json.Nodes;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pickle;

/// <summary>Shows values of a pickle as JSON: configurations as they are, everything else as short text.</summary>
public static class PickleJson
{
    private const int MaxNodes = 1_000_000;

    /// <summary>
    /// The JSON form: dictionaries and objects with attributes become objects, sequences arrays; numbers that JSON does not have,
    /// tensors and names become text.
    /// </summary>
    /// <exception cref="ModelFormatException">More than a million values, counting shared ones each time.</exception>
    public static JsonNode? ToNode(PickleValue value)
    {
        int budget = MaxNodes;
        return Convert(value, ref budget);
    }

    private static JsonNode? Convert(PickleValue value, ref int budget)
    {
        if (--budget < 0)
            throw new ModelFormatException("the pickle", $"at most {MaxNodes} values", "more (the same values many times)");
        switch (value)
        {
            case PickleNone:
                return null;
            case PickleBool b:
                return JsonValue.Create(b.Value);
            case PickleInt i:
                return JsonValue.Create(i.Value);
            case PickleFloat f:
                return double.IsFinite(f.Value) ? JsonValue.Create(f.Value) : JsonValue.Create(f.ToString());
            case PickleString s:
                return JsonValue.Create(s.Value);
            case PickleDict d:
                return Object(d, ref budget);
            case PickleObject { Attributes: { } attributes, Items: null }:
                return Object(attributes, ref budget);
            case PickleObject { Items: { } items }:
                return Object(items, ref budget);
            case PickleObject { Type.Module: "torch" } o:
                return JsonValue.Create(string.Join(":", o.Arguments.Items.Select(Text)));
            case PickleObject o when o.Type.Module.StartsWith("pathlib", StringComparison.Ordinal):
                return JsonValue.Create(string.Join("/", o.Arguments.Items.Select(a => Text(a).TrimEnd('/'))));
            default:
                return value.AsSequence is { } items2 ? Array(items2, ref budget) : JsonValue.Create(value.ToString());
        }
    }

    private static string Text(PickleValue value) => value.AsString ?? value.ToString();

    private static JsonObject Object(PickleDict dictionary, ref int budget)
    {
        var node = new JsonObject();
        foreach (var (key, value) in dictionary.Items)
            node[Text(key)] = Convert(value, ref budget);
        return node;
    }

    private static JsonArray Array(IReadOnlyList<PickleValue> items, ref int budget)
    {
        var node = new JsonArray();
        foreach (var item in items)
            node.Add(Convert(item, ref budget));
        return node;
    }
}
