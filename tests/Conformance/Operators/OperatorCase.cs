using System.Globalization;
using System.Text.Json;

namespace ExecuSharp.Tests.Conformance.Operators;

/// <summary>What the official runtime did with one recorded call of an operator.</summary>
public sealed record OperatorCase
{
    /// <summary>The method of the bundled program.</summary>
    public required string Name { get; init; }

    /// <summary>The official error code; 0 for success.</summary>
    public int Status { get; init; }

    /// <summary>Sets of inputs that succeed before the one that fails.</summary>
    public int PassingSets { get; init; }

    /// <summary>The values are random or uninitialised.</summary>
    public bool ShapeOnly { get; init; }

    /// <summary>The values are what C++ leaves undefined.</summary>
    public bool Undefined { get; init; }

    /// <summary>The case's own absolute tolerance.</summary>
    public double? Atol { get; init; }

    /// <summary>The case's own relative tolerance.</summary>
    public double? Rtol { get; init; }

    /// <summary>Distance of the recorded outputs to PyTorch's, where the case has its own tolerance: a more exact result is right too.</summary>
    public double DistanceToEager { get; init; }

    /// <summary>Reads the list beside a bundled program.</summary>
    public static (string Operator, IReadOnlyList<OperatorCase> Cases) Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return (root.GetProperty("operator").GetString()!, [.. root.GetProperty("cases").EnumerateArray().Select(Read)]);
    }

    private static OperatorCase Read(JsonElement e)
    {
        string status = e.GetProperty("status").GetString()!;
        return new OperatorCase
        {
            Name = e.GetProperty("case").GetString()!,
            Status = status == "ok" ? 0 : int.Parse(status.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            PassingSets = e.TryGetProperty("passing_sets", out var sets) ? sets.GetInt32() : 0,
            ShapeOnly = e.TryGetProperty("shape_only", out var shape) && shape.GetBoolean(),
            Undefined = e.TryGetProperty("undefined", out _),
            Atol = e.TryGetProperty("atol", out var atol) ? atol.GetDouble() : null,
            Rtol = e.TryGetProperty("rtol", out var rtol) ? rtol.GetDouble() : null,
            DistanceToEager = e.TryGetProperty("max_diff_eager", out var distance) && distance.ValueKind == JsonValueKind.Number ? distance.GetDouble() : 0,
        };
    }
}
