namespace ExecuSharp.Formats.Onnx;

/// <summary>One size of a declared shape.</summary>
/// <param name="Value">The size, or null if open.</param>
/// <param name="Symbol">Name of an open size; may be empty.</param>
public sealed record DimensionProto(long? Value, string Symbol)
{
    /// <inheritdoc/>
    public override string ToString() => Value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (Symbol.Length > 0 ? Symbol : "?");
}
