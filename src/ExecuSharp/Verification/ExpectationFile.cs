using System.Globalization;
using System.Text.Json;
using ExecuSharp.Core;

namespace ExecuSharp.Verification;

/// <summary>
/// Finds what lies beside a bundle: <c>NAME.json</c> with a list of cases, <c>index.json</c> with a tolerance for each file, or <c>meta.json</c> with one
/// for all float and one for all int8 programs of a folder.
/// </summary>
public sealed class ExpectationFile
{
    // Matrix products, whose official kernels may accumulate in the 16-bit type: compared at a multiple of its epsilon and of the largest value.
    private static readonly string[] Products = ["mm.out", "linear", "convolution", "hadamard"];

    private readonly Dictionary<string, Expectation> methods = new(StringComparer.Ordinal);
    private Expectation? all;

    /// <summary>What is known of a method.</summary>
    public Expectation For(string method) => methods.GetValueOrDefault(method) ?? all ?? new Expectation();

    /// <summary>Reads what lies beside a bundle.</summary>
    /// <exception cref="ModelFormatException">A file beside the bundle is no JSON.</exception>
    public static ExpectationFile Beside(string bundle)
    {
        var result = new ExpectationFile();
        string folder = Path.GetDirectoryName(Path.GetFullPath(bundle))!, name = Path.GetFileNameWithoutExtension(bundle);
        result.Read(Path.Combine(folder, name + ".json"), result.ReadCases);
        result.Read(Path.Combine(folder, "index.json"), root => result.ReadIndex(root, name));
        result.Read(Path.Combine(folder, "meta.json"), root => result.ReadMeta(root, name));
        return result;
    }

    private void Read(string path, Action<JsonElement> read)
    {
        if (all is not null || methods.Count > 0 || !File.Exists(path))
            return;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new ModelFormatException("the expectations beside the bundle", "JSON of a known form", e.Message, path, e);
        }
    }

    private void ReadCases(JsonElement root)
    {
        if (!root.TryGetProperty("cases", out var cases) || cases.ValueKind != JsonValueKind.Array)
            return;
        bool accumulates = root.TryGetProperty("operator", out var op) && Array.Exists(Products, p => op.GetString()?.Contains(p, StringComparison.Ordinal) == true);
        foreach (var c in cases.EnumerateArray())
        {
            if (!c.TryGetProperty("case", out var name))
                continue;
            string status = c.TryGetProperty("status", out var s) ? s.GetString() ?? "ok" : "ok";
            bool shapeOnly = Flag(c, "shape_only");
            // A case with a tolerance of its own is one where the official kernel is the less exact one: its distance to PyTorch counts too.
            Tolerance? tolerance = c.TryGetProperty("atol", out _) || c.TryGetProperty("rtol", out _) || shapeOnly
                ? new Tolerance(Number(c, "atol") + Number(c, "max_diff_eager"), Number(c, "rtol")) { ShapeOnly = shapeOnly }
                : null;
            methods[name.GetString()!] = new Expectation
            {
                Status = status == "ok" ? ErrorCode.Ok : (ErrorCode)int.Parse(status[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                PassingCases = (int)Number(c, "passing_sets"),
                Tolerance = tolerance,
                ValuesAreUndefined = c.TryGetProperty("undefined", out var undefined) && undefined.ValueKind is not (JsonValueKind.False or JsonValueKind.Null),
                AccumulatesIn16Bits = accumulates,
            };
        }
    }

    private void ReadIndex(JsonElement root, string name)
    {
        if (!root.TryGetProperty("files", out var files) || files.ValueKind != JsonValueKind.Object || !files.TryGetProperty(name, out var entry) || !entry.TryGetProperty("tolerance", out var t))
            return;
        all = new Expectation
        {
            ValuesAreUndefined = Flag(entry, "informational"),
            Tolerance = new Tolerance(Number(t, "atol"), Number(t, "rtol"))
            {
                Steps = (int)Number(t, "steps"),
                RowFactor = Number(t, "row_factor"),
                NonFiniteIsFree = t.TryGetProperty("nonfinite", out var free) && free.GetString() == "free",
            },
        };
    }

    private void ReadMeta(JsonElement root, string name)
    {
        if (!root.TryGetProperty("tolerance", out var tolerance))
            return;
        string kind = name.Contains("int8", StringComparison.Ordinal) || name.Contains("qdq", StringComparison.Ordinal) ? "int8" : "float";
        if (!tolerance.TryGetProperty(kind, out var t) || t.ValueKind != JsonValueKind.Object)
            return;
        all = new Expectation
        {
            Tolerance = new Tolerance(Number(t, "atol"), Number(t, "rtol")),
            ValuesAreUndefined = t.TryGetProperty("meaningful", out var meaningful) && meaningful.ValueKind == JsonValueKind.False,
        };
    }

    private static double Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
