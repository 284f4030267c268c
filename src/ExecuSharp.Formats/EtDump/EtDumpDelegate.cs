namespace ExecuSharp.Formats.EtDump;

/// <summary>The place of an event inside a delegate; a backend gives a number or a name.</summary>
/// <param name="Id">Number, or -1.</param>
/// <param name="Name">Name such as <c>Softmax (NC, F32) #1</c>, or null.</param>
/// <param name="Metadata">Bytes of the backend; empty for most.</param>
public sealed record EtDumpDelegate(int Id, string? Name, ReadOnlyMemory<byte> Metadata = default);
