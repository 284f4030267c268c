namespace ExecuSharp.Formats.Storage;

/// <summary>A run of bytes that one or more tensors of a file look into. Read at first use.</summary>
/// <param name="key">Its name in the file.</param>
/// <param name="byteLength">Its length in bytes.</param>
/// <param name="read">Gives the bytes, mapped where they are stored plainly.</param>
/// <param name="bigEndian">True if numbers have their highest byte first.</param>
public sealed class TensorStorage(string key, long byteLength, Func<ReadOnlyMemory<byte>> read, bool bigEndian = false)
{
    private readonly Lazy<ReadOnlyMemory<byte>> bytes = new(read, LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Its name in the file.</summary>
    public string Key { get; } = key;

    /// <summary>Its length in bytes.</summary>
    public long ByteLength { get; } = byteLength;

    /// <summary>True if numbers have their highest byte first.</summary>
    public bool BigEndian { get; } = bigEndian;

    /// <summary>The bytes as they are in the file. Treat them as read-only.</summary>
    /// <exception cref="ExecuSharp.Core.ModelFormatException">They cannot be read: too short, wrong checksum.</exception>
    public ReadOnlyMemory<byte> Bytes => bytes.Value;
}
