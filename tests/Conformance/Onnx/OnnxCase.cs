using System.Text.Json;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>One line of the recorded set's index.</summary>
public sealed record OnnxCase(string Name, string Zip, string Model, string Source, string Operator, string[] Marks, double Rtol, double Atol,
    string[] ShapeInputs, (string Name, string Type)[] Inputs, (string Name, string Type)[] Outputs, OnnxDataSet[] DataSets)
{
    /// <summary>Reads the index.</summary>
    public static OnnxCase[] ReadIndex(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(Read)];
    }

    /// <summary>The case is one node (or one operator's function body), not a network.</summary>
    public bool IsNode => Source.EndsWith(" node", StringComparison.Ordinal);

    private static OnnxCase Read(JsonElement e) => new(
        e.GetProperty("case").GetString()!, e.GetProperty("zip").GetString()!, e.GetProperty("model").GetString()!, e.GetProperty("source").GetString()!,
        e.GetProperty("operator").GetString()!, Strings(e.GetProperty("marks")), e.GetProperty("rtol").GetDouble(), e.GetProperty("atol").GetDouble(),
        Strings(e.GetProperty("shape_inputs")), Values(e.GetProperty("inputs")), Values(e.GetProperty("outputs")),
        [.. e.GetProperty("data_sets").EnumerateArray().Select(d => new OnnxDataSet(Paths(d.GetProperty("inputs")), Paths(d.GetProperty("outputs"))))]);

    private static string[] Strings(JsonElement e) => [.. e.EnumerateArray().Select(s => s.GetString()!)];

    private static string?[] Paths(JsonElement e) => [.. e.EnumerateArray().Select(s => s.ValueKind == JsonValueKind.Null ? null : s.GetString())];

    private static (string, string)[] Values(JsonElement e) => [.. e.EnumerateArray().Select(v => (v.GetProperty("name").GetString()!, v.GetProperty("type").GetString()!))];
}
