namespace ExecuSharp.Formats.XnnPack;

/// <summary>The bytes of a constant: in the payload, or in the named data of the program.</summary>
/// <param name="Data">The bytes; null if they are named data, or if the entry does not lie in the payload.</param>
/// <param name="NamedKey">The key in the named data, or null. The presence of the key decides, not its length.</param>
/// <param name="Size">Bytes as stored in the entry.</param>
public sealed record XnnConstant(ReadOnlyMemory<byte>? Data, string? NamedKey, ulong Size)
{
    /// <summary>The reserved first entry.</summary>
    public static XnnConstant Reserved => new(ReadOnlyMemory<byte>.Empty, null, 0);

    /// <summary>Bytes stored in the payload.</summary>
    public static XnnConstant Inline(ReadOnlyMemory<byte> data) => new(data, null, (ulong)data.Length);

    /// <summary>Bytes stored under a key in the program.</summary>
    public static XnnConstant Named(string key, ulong size) => new(null, key, size);
}
