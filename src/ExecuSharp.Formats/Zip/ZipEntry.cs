namespace ExecuSharp.Formats.Zip;

/// <summary>A member of a ZIP archive, as its central directory says.</summary>
/// <param name="Name">Its name, with forward slashes.</param>
/// <param name="Method">0 stored, 8 deflated.</param>
/// <param name="Crc">CRC-32 of the contents; 0 also where a writer left it out.</param>
/// <param name="CompressedLength">Bytes in the archive.</param>
/// <param name="Length">Bytes of the contents.</param>
/// <param name="DataOffset">Where its bytes start in the archive.</param>
public sealed record ZipEntry(string Name, int Method, uint Crc, long CompressedLength, long Length, long DataOffset)
{
    /// <summary>True if the contents are in the archive as they are.</summary>
    public bool IsStored => Method == 0;
}
