using System.Buffers.Binary;
using ExecuSharp.Core;
using ExecuSharp.Formats.BundledProgram;
using ExecuSharp.Formats.EtDump;
using ExecuSharp.Formats.FlatTensor;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Formats.SafeTensors;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Sources;

/// <summary>Tells what a file is by its content; the name decides only between forms that look alike.</summary>
public static class FileKinds
{
    /// <summary>The kind of a file.</summary>
    /// <exception cref="ModelFormatException">The file is missing, or an archive of no known kind.</exception>
    public static FileKind Detect(string path)
    {
        using var source = ByteSource.Open(path);
        var head = source.Slice(0, Math.Min(source.Length, 64)).Span;
        if (PteReader.Matches(head))
            return FileKind.Pte;
        if (BundledProgramFile.Matches(head))
            return FileKind.BundledProgram;
        if (FlatTensorFile.Matches(head))
            return FileKind.FlatTensor;
        if (EtDumpFile.Matches(head))
            return FileKind.EtDump;
        if (head.Length >= 8 && head.Slice(4, 4).SequenceEqual("PTMF"u8))
            return FileKind.TorchScript;
        if (head.StartsWith("PK\u0003\u0004"u8))
            return Archive(path);
        if (head.StartsWith("\u0093NUMPY"u8[1..]) || (head.Length > 6 && head[0] == 0x93 && head.Slice(1, 5).SequenceEqual("NUMPY"u8)))
            return FileKind.Numpy;
        if (IsSafeTensors(head, source.Length))
            return FileKind.SafeTensors;
        if (head.Length > 2 && head[0] == 0x80 && head[1] is >= 2 and <= 5)
            return FileKind.Checkpoint;
        if (path.EndsWith(SafeTensorsIndex.Extension, StringComparison.OrdinalIgnoreCase))
            return FileKind.SafeTensors;
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension == ".onnx" || (head.Length > 2 && head[0] == 0x08 && head[1] is > 0 and < 32))
            return FileKind.Onnx;
        return FileKind.Unknown;
    }

    /// <summary>The name of a source without folder and extension: what its programs are called.</summary>
    public static string Stem(string path) => path.EndsWith(SafeTensorsIndex.Extension, StringComparison.OrdinalIgnoreCase)
        ? Path.GetFileName(path)[..^SafeTensorsIndex.Extension.Length]
        : Path.GetFileNameWithoutExtension(path);

    /// <summary>The error for a file of no known kind.</summary>
    public static ModelFormatException Unknown(string path)
    {
        using var source = ByteSource.Open(path);
        var head = source.Slice(0, Math.Min(source.Length, 8)).ToArray();
        return new ModelFormatException("byte 0", "a .pte, .bpte, .ptd, .pt2, .onnx, .pt, .pth, .ptl, .etdp, .safetensors, .npy or .npz file", $"{source.Length} bytes that begin with {Convert.ToHexString(head)}", path);
    }

    private static FileKind Archive(string path)
    {
        using var zip = ZipReader.Open(path);
        bool Has(Func<string, bool> test) => zip.Entries.Any(e => test(e.Name));
        if (Has(n => n.EndsWith("models/model.json", StringComparison.Ordinal) || n.EndsWith("serialized_exported_program.json", StringComparison.Ordinal) || (n.Contains("models/", StringComparison.Ordinal) && n.EndsWith(".json", StringComparison.Ordinal))))
            return FileKind.Pt2;
        if (Has(n => n.EndsWith("bytecode.pkl", StringComparison.Ordinal) || n.Contains("/code/", StringComparison.Ordinal)))
            return FileKind.TorchScript;
        if (Has(n => n.EndsWith("data.pkl", StringComparison.Ordinal)))
            return FileKind.Checkpoint;
        if (Has(n => n.EndsWith(".npy", StringComparison.Ordinal)))
            return FileKind.Numpy;
        throw new ModelFormatException("the archive", "an exported program, TorchScript, a checkpoint or .npz", $"{zip.Entries.Count} entries of no known kind", path);
    }

    private static bool IsSafeTensors(ReadOnlySpan<byte> head, long length)
    {
        if (head.Length < 10)
            return false;
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(head);
        return header > 1 && header <= (ulong)Math.Max(0, length - 8) && head[8] == (byte)'{';
    }
}
