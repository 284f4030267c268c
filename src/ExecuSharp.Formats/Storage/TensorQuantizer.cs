namespace ExecuSharp.Formats.Storage;

/// <summary>How the integers of a quantized tensor stand for numbers: <c>(q - ZeroPoint) * Scale</c>.</summary>
/// <param name="Axis">The dimension that scales belong to, or null for one scale for all.</param>
/// <param name="Scales">One scale, or one per index along the axis.</param>
/// <param name="ZeroPoints">As many zero points; fractions only occur in the float-qparams scheme.</param>
public sealed record TensorQuantizer(int? Axis, IReadOnlyList<double> Scales, IReadOnlyList<double> ZeroPoints);
