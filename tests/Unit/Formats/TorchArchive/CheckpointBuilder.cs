using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Formats.Zip;

namespace ExecuSharp.Tests.Unit.Formats.TorchArchive;

/// <summary>Writes small checkpoints of the ZIP form from pickle text (Latin-1) and storages.</summary>
internal static class CheckpointBuilder
{
    /// <summary>Pickle text of a float tensor over a storage.</summary>
    public static string Tensor(string key, int count, long offset, long[] size, long[] stride, string storageType = "FloatStorage") =>
        $"ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\n{storageType}\nS'{key}'\nS'cpu'\nI{count}\ntQI{offset}\n{Tuple(size)}{Tuple(stride)}\u0089NtR";

    /// <summary>Pickle text of a dictionary.</summary>
    public static string Dictionary(params (string Key, string Value)[] items) =>
        "}(" + string.Concat(items.Select(i => $"S'{i.Key}'\n{i.Value}")) + "u";

    /// <summary>The archive.</summary>
    public static byte[] Archive(string pickle, params (string Key, byte[] Data)[] storages)
    {
        var stream = new MemoryStream();
        using (var writer = new ZipWriter(stream, 64))
        {
            writer.Add("archive/data.pkl", Encoding.Latin1.GetBytes(pickle + "."));
            foreach (var (key, data) in storages)
                writer.Add("archive/data/" + key, data);
            writer.Add("archive/version", "3\n"u8);
        }
        return stream.ToArray();
    }

    /// <summary>The numbers 0, 1, 2, … as float32.</summary>
    public static byte[] Floats(int count)
    {
        var bytes = new byte[count * 4];
        for (int i = 0; i < count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), i);
        return bytes;
    }

    private static string Tuple(long[] values) => "(" + string.Concat(values.Select(v => $"I{v}\n")) + "t";
}
