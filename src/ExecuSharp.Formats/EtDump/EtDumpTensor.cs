using ExecuSharp.Core;

namespace ExecuSharp.Formats.EtDump;

/// <summary>A tensor whose bytes are in a separate debug buffer.</summary>
/// <param name="Type">Element type.</param>
/// <param name="Sizes">Sizes.</param>
/// <param name="Strides">Strides in elements.</param>
/// <param name="Offset">Byte offset in the debug buffer.</param>
public sealed record EtDumpTensor(ScalarType Type, IReadOnlyList<long> Sizes, IReadOnlyList<long> Strides, long Offset);
