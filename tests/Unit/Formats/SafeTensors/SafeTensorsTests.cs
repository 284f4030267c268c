using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.SafeTensors;

namespace ExecuSharp.Tests.Unit.Formats.SafeTensors;

public class SafeTensorsTests
{
    private static readonly ScalarType[] AllTypes =
    [
        ScalarType.Double, ScalarType.Float, ScalarType.Half, ScalarType.BFloat16, ScalarType.Long, ScalarType.Int, ScalarType.Short,
        ScalarType.Char, ScalarType.UInt64, ScalarType.UInt32, ScalarType.UInt16, ScalarType.Byte, ScalarType.Bool, ScalarType.ComplexFloat,
        ScalarType.Float8E4M3Fn, ScalarType.Float8E5M2, ScalarType.Float8E4M3FnUz, ScalarType.Float8E5M2FnUz,
    ];

    [Fact]
    public void EveryElementTypeComesBack()
    {
        var tensors = AllTypes.Select((t, i) => KeyValuePair.Create($"{t} “ü”", Filled(t, [2, i % 3, 3]))).ToList();
        tensors.Add(KeyValuePair.Create("scalar", Filled(ScalarType.Float, [])));
        byte[] bytes = Write(tensors, new Dictionary<string, string> { ["b"] = "2", ["a"] = "1\n\"" });
        using var file = SafeTensorsFile.Parse(bytes);
        Assert.Equal(tensors.Select(t => t.Key).Order(), file.Names.Order());
        Assert.Equal("1\n\"", file.Metadata["a"]);
        foreach (var (name, tensor) in tensors)
        {
            var read = file.GetTensor(name);
            Assert.Equal(tensor.Type, read.Type);
            Assert.Equal(tensor.Sizes.ToArray(), read.Sizes.ToArray());
            Assert.Equal(tensor.Bytes.ToArray(), read.Bytes.ToArray());
        }
        Assert.Equal(bytes, Write(tensors, new Dictionary<string, string> { ["a"] = "1\n\"", ["b"] = "2" }));
    }

    [Fact]
    public void OtherDimOrdersAreWrittenRowMajor()
    {
        var tensor = Tensor.Empty(ScalarType.Int, [2, 3], [1, 0]);
        new[] { 0, 3, 1, 4, 2, 5 }.CopyTo(tensor.Span<int>());
        using var file = SafeTensorsFile.Parse(Write([KeyValuePair.Create("x", tensor)]));
        Assert.Equal([0, 1, 2, 3, 4, 5], file.GetTensor("x").Span<int>().ToArray());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "hole")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 2, "2 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "-1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,4]}}""", 4, "4294967296")]
    [InlineData("""{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}""", 4, "F33")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "not all")]
    [InlineData("""{"__metadata__":{"x":1}}""", 0, "Number")]
    [InlineData("""[1]""", 0, "Array")]
    [InlineData("""{"a":""", 0, "")]
    public void BrokenHeadersAreRefused(string header, int dataLength, string found)
    {
        var e = Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Parse(File(header, dataLength)));
        Assert.Contains(found, e.Found);
    }

    [Fact]
    public void EveryCutAndExtensionIsRefused()
    {
        byte[] bytes = Write([KeyValuePair.Create("x", Filled(ScalarType.Float, [3]))]);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Parse(bytes.AsMemory(0, length)));
        Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Parse(bytes.Append((byte)0).ToArray()));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue);
        Assert.Throws<ModelFormatException>(() => SafeTensorsFile.Parse(bytes));
    }

    [Fact]
    public void ShardsAreFoundThroughTheirIndex()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            SafeTensorsWriter.Write(Path.Combine(folder.FullName, "one.safetensors"), [KeyValuePair.Create("a", Filled(ScalarType.Float, [3]))]);
            SafeTensorsWriter.Write(Path.Combine(folder.FullName, "two.safetensors"), [KeyValuePair.Create("b", Filled(ScalarType.Long, [5_000]))]);
            string index = Path.Combine(folder.FullName, "model.safetensors.index.json");
            System.IO.File.WriteAllText(index, """{"metadata":{},"weight_map":{"b":"two.safetensors","a":"one.safetensors"}}""");
            using (var shards = SafeTensorsIndex.Open(index))
            {
                Assert.Equal(["b", "a"], shards.Names);
                Assert.True(shards.TryGet("b", out var b));
                Assert.Equal(Filled(ScalarType.Long, [5_000]).Bytes, b.Bytes().Span);
            }
            System.IO.File.WriteAllText(index, """{"weight_map":{"c":"one.safetensors"}}""");
            Assert.Contains("no such tensor", Assert.Throws<ModelFormatException>(() => SafeTensorsIndex.Open(index)).Found);
            System.IO.File.WriteAllText(index, """{"weight_map":{"a":"../one.safetensors"}}""");
            Assert.Contains("../one", Assert.Throws<ModelFormatException>(() => SafeTensorsIndex.Open(index)).Found);
            System.IO.File.WriteAllText(index, """{"weight_map":{"a":"three.safetensors"}}""");
            Assert.Contains("three", Assert.Throws<ModelFormatException>(() => SafeTensorsIndex.Open(index)).File);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void WriterRefusesWhatTheFormatDoesNotHave()
    {
        Assert.Throws<ArgumentException>(() => Write([KeyValuePair.Create("x", Filled(ScalarType.QInt8, [1]))]));
        Assert.Throws<ArgumentException>(() => Write([KeyValuePair.Create("x", Filled(ScalarType.Float, [1])), KeyValuePair.Create("x", Filled(ScalarType.Float, [1]))]));
        Assert.Throws<ArgumentException>(() => Write([KeyValuePair.Create("__metadata__", Filled(ScalarType.Float, [1]))]));
    }

    private static Tensor Filled(ScalarType type, int[] sizes)
    {
        var tensor = Tensor.Empty(type, sizes);
        var bytes = tensor.Bytes;
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(type == ScalarType.Bool ? i & 1 : i * 7 + 1);
        return tensor;
    }

    private static byte[] Write(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var stream = new MemoryStream();
        SafeTensorsWriter.Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    private static byte[] File(string header, int dataLength)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] bytes = new byte[8 + json.Length + dataLength];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }
}
