using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExecuSharp.Tools.Operators;

/// <summary>Which operators the recorded models use: <c>tests/corpus/operator-cases.json</c>.</summary>
public sealed record RecordedCases
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file.</summary>
    public static string Path { get; } = Repository.File("tests", "corpus", "operator-cases.json");

    /// <summary>Number of recorded models (<c>.pt2</c>, TorchScript, ONNX) whose import uses an operator, by its functional name.</summary>
    [JsonPropertyName("operators")]
    public required SortedDictionary<string, int> Operators { get; init; }

    /// <summary>Number of models that were counted.</summary>
    [JsonPropertyName("models")]
    public required int Models { get; init; }

    /// <summary>Number of samples of single operators as <c>.pt2</c>.</summary>
    [JsonPropertyName("samples")]
    public required int Samples { get; init; }

    /// <summary>Samples that do not give the eager outputs, with the reason.</summary>
    [JsonPropertyName("not_converted")]
    public required SortedDictionary<string, string> NotConverted { get; init; }

    /// <summary>Operators that no recorded model of the sets uses; they came with their siblings and are tested by their definition. Kept by hand: a new operator needs a recorded case.</summary>
    [JsonPropertyName("unrecorded")]
    public required SortedSet<string> Unrecorded { get; init; }

    /// <summary>Reads the file.</summary>
    public static RecordedCases Read() => JsonSerializer.Deserialize<RecordedCases>(File.ReadAllBytes(Path), Options)!;

    /// <summary>Writes the file.</summary>
    public void Write() => File.WriteAllText(Path, JsonSerializer.Serialize(this, Options) + "\n");
}
