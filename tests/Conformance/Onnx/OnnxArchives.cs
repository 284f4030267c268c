using System.Collections.Concurrent;
using System.IO.Compression;
using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;

namespace ExecuSharp.Tests.Conformance.Onnx;

/// <summary>The files of zips, unpacked once; safe for parallel use.</summary>
public sealed class OnnxArchives(Func<string, Stream> open)
{
    private readonly ConcurrentDictionary<string, Lazy<Dictionary<string, byte[]>>> zips = new();

    /// <summary>A file of a zip.</summary>
    public byte[] Read(string zip, string path) => zips.GetOrAdd(zip, z => new Lazy<Dictionary<string, byte[]>>(() => Unpack(z))).Value[path];

    /// <summary>The files beside a model, as its external data.</summary>
    public IExternalFiles Beside(string zip, string model) => new Folder(this, zip, model[..(model.LastIndexOf('/') + 1)]);

    private Dictionary<string, byte[]> Unpack(string zip)
    {
        using var stream = open(zip);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            using var content = entry.Open();
            var copy = new MemoryStream();
            content.CopyTo(copy);
            files[entry.FullName] = copy.ToArray();
        }
        return files;
    }

    private sealed class Folder(OnnxArchives archives, string zip, string folder) : IExternalFiles
    {
        public ReadOnlyMemory<byte> Read(string location, long offset, long length)
        {
            byte[] bytes;
            try
            {
                bytes = archives.Read(zip, folder + location);
            }
            catch (KeyNotFoundException)
            {
                throw new ModelFormatException("location", "a file in the model's folder", location);
            }
            if (offset < 0 || length > bytes.Length - offset)
                throw new ModelFormatException($"byte {offset}", $"{length} bytes", $"{bytes.Length} bytes in all");
            return bytes.AsMemory((int)offset, (int)length);
        }
    }
}
