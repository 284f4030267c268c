namespace ExecuSharp.Formats.Onnx;

/// <summary>Name and type of a value (onnx.proto, ValueInfoProto).</summary>
/// <param name="Name">Name.</param>
/// <param name="Type">Type, or null if not given.</param>
public sealed record ValueInfoProto(string Name, TypeProto? Type);
