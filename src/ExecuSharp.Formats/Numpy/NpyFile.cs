using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.Numpy;

/// <summary>
/// <c>.npy</c> files, versions 1 to 3 (numpy/lib/format.py). Read with any byte order and element order, of numbers, truth values and
/// complex numbers; written as version 1, little-endian, row-major.
/// </summary>
public static class NpyFile
{
    private const int MaxHeader = 1 << 20;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>True if the bytes start as such a file does.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.StartsWith(Magic);

    /// <summary>Reads a file into memory.</summary>
    /// <exception cref="ModelFormatException">The file is missing or broken, or its elements are no numbers.</exception>
    public static Tensor Read(string path)
    {
        using var source = ByteSource.Open(path);
        try
        {
            return Parse(source).ToTensor().Clone();
        }
        catch (ModelFormatException e)
        {
            throw e.In(path);
        }
    }

    /// <summary>Reads from a source, over its bytes where they are little-endian and row-major.</summary>
    /// <exception cref="ModelFormatException">The bytes are broken, or the elements are no numbers.</exception>
    public static StoredTensor Parse(ByteSource source)
    {
        var head = source.Slice(0, 10, "the magic, version and header length").Span;
        if (!Matches(head))
            throw new ModelFormatException("offset 0", "\\x93NUMPY", "another magic", source.Name);
        int version = head[6];
        if (version is < 1 or > 3 || head[7] != 0)
            throw new ModelFormatException("offset 6", "version 1.0, 2.0 or 3.0", $"{version}.{head[7]}", source.Name);
        int start = version == 1 ? 10 : 12;
        long length = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(head[8..])
            : BinaryPrimitives.ReadUInt32LittleEndian(source.Slice(8, 4, "the header length").Span);
        if (length > MaxHeader)
            throw new ModelFormatException("offset 8", $"a header of at most {MaxHeader} bytes", $"{length}", source.Name);
        string text = (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(source.Slice(start, length, "the header").Span);
        var header = NpyHeader.Parse(text);
        long data = start + length;
        long bytes = source.Length - data;
        var storage = new TensorStorage(source.Name ?? "npy", bytes, () => source.Slice(data, bytes, "the data"), header.BigEndian);
        var tensor = header.FortranOrder
            ? StoredTensor.Create("the header", header.Type, header.Shape, NpyHeader.FortranStrides(header.Shape), 0, storage)
            : StoredTensor.Create("the header", header.Type, header.Shape, 0, storage);
        return tensor.ByteLength == bytes
            ? tensor
            : throw new ModelFormatException("the data", $"{tensor.ByteLength} bytes for {tensor}", $"{bytes}", source.Name);
    }

    /// <summary>Writes a file.</summary>
    /// <exception cref="ArgumentException">NumPy has no such element type.</exception>
    public static void Write(string path, Tensor tensor)
    {
        using var stream = File.Create(path);
        Write(stream, tensor);
    }

    /// <summary>Writes to a stream.</summary>
    /// <exception cref="ArgumentException">NumPy has no such element type.</exception>
    public static void Write(Stream stream, Tensor tensor)
    {
        string type = NumpyTypes.Describe(tensor.Type) ?? throw new ArgumentException($"NumPy has no element type {tensor.Type.Name()}");
        string shape = tensor.Rank == 1 ? $"({tensor.Sizes[0]},)" : $"({string.Join(", ", tensor.Sizes.ToArray())})";
        string text = $"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}";
        int padded = (10 + text.Length + 1 + 63) / 64 * 64 - 10;
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)padded);
        stream.Write(Magic);
        stream.Write([1, 0]);
        stream.Write(length);
        stream.Write(Encoding.ASCII.GetBytes(text.PadRight(padded - 1) + "\n"));
        stream.Write(StridedCopy.RowMajor(tensor));
    }
}
