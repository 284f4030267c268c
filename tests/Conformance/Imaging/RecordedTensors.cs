using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ExecuSharp.Tests.Conformance.Imaging;

/// <summary>The tensors of a .safetensors file: header length u64, JSON header, data.</summary>
internal sealed class RecordedTensors
{
    private readonly byte[] file;
    private readonly Dictionary<string, (string Type, int[] Shape, int Start, int End)> entries = [];

    public RecordedTensors(byte[] file)
    {
        this.file = file;
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        using var json = JsonDocument.Parse(file.AsMemory(8, length));
        foreach (var item in json.RootElement.EnumerateObject())
        {
            if (item.Name == "__metadata__")
                continue;
            var offsets = item.Value.GetProperty("data_offsets");
            var shape = item.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt32()).ToArray();
            entries[item.Name] = (item.Value.GetProperty("dtype").GetString()!, shape, 8 + length + offsets[0].GetInt32(), 8 + length + offsets[1].GetInt32());
        }
    }

    public IEnumerable<string> Names => entries.Keys;

    public bool Has(string name) => entries.ContainsKey(name);

    public int[] Shape(string name) => entries[name].Shape;

    public byte[] Bytes(string name)
    {
        Assert.Equal("U8", entries[name].Type);
        return file[entries[name].Start..entries[name].End];
    }

    public int[] Ints(string name)
    {
        Assert.Equal("I32", entries[name].Type);
        return MemoryMarshal.Cast<byte, int>(file.AsSpan(entries[name].Start..entries[name].End)).ToArray();
    }

    public float[] Floats(string name)
    {
        Assert.Equal("F32", entries[name].Type);
        return MemoryMarshal.Cast<byte, float>(file.AsSpan(entries[name].Start..entries[name].End)).ToArray();
    }
}
