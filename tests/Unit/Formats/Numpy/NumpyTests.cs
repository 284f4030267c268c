using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Numpy;

namespace ExecuSharp.Tests.Unit.Formats.Numpy;

public class NumpyTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EveryVersionByteOrderAndElementOrder(int version)
    {
        byte[] little = [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0];
        byte[] big = [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6];
        byte[] bigColumns = [0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6];
        foreach (var (header, data) in new[]
        {
            ("{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }", little),
            ("{'shape': (2, 3), 'descr': '>i2', 'fortran_order': False}", big),
            ("{\"descr\": \">i2\", \"fortran_order\": True, \"shape\": (2L, 3L)}", bigColumns),
        })
        {
            var tensor = NpyFile.Parse(new ByteSource(File(version, header, data))).ToTensor();
            Assert.Equal([2, 3], tensor.Sizes.ToArray());
            Assert.Equal(new short[] { 1, 2, 3, 4, 5, 6 }, tensor.Span<short>().ToArray());
        }
    }

    [Fact]
    public void ComplexNumbersSwapEachPart()
    {
        var data = new byte[8];
        BinaryPrimitives.WriteSingleBigEndian(data, 1.5f);
        BinaryPrimitives.WriteSingleBigEndian(data.AsSpan(4), -2f);
        var bytes = NpyFile.Parse(new ByteSource(File(1, "{'descr': '>c8', 'fortran_order': False, 'shape': ()}", data))).Bytes().Span;
        Assert.Equal(1.5f, BinaryPrimitives.ReadSingleLittleEndian(bytes));
        Assert.Equal(-2f, BinaryPrimitives.ReadSingleLittleEndian(bytes[4..]));
    }

    [Theory]
    [InlineData(ScalarType.Double)]
    [InlineData(ScalarType.Float)]
    [InlineData(ScalarType.Half)]
    [InlineData(ScalarType.Long)]
    [InlineData(ScalarType.Int)]
    [InlineData(ScalarType.Short)]
    [InlineData(ScalarType.Char)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.UInt16)]
    [InlineData(ScalarType.UInt32)]
    [InlineData(ScalarType.UInt64)]
    [InlineData(ScalarType.Bool)]
    [InlineData(ScalarType.ComplexFloat)]
    [InlineData(ScalarType.ComplexDouble)]
    public void WrittenArraysComeBackAndAreAligned(ScalarType type)
    {
        foreach (int[] sizes in (int[][])[[], [3], [2, 0], [2, 3, 4]])
        {
            var tensor = Tensor.Empty(type, sizes);
            for (int i = 0; i < tensor.Bytes.Length; i++)
                tensor.Bytes[i] = (byte)(type == ScalarType.Bool ? i & 1 : i + 1);
            var stream = new MemoryStream();
            NpyFile.Write(stream, tensor);
            Assert.Equal(0, (stream.Length - tensor.ByteLength) % 64);
            var read = NpyFile.Parse(new ByteSource(stream.ToArray())).ToTensor();
            Assert.Equal(type, read.Type);
            Assert.Equal(sizes, read.Sizes.ToArray());
            Assert.Equal(tensor.Bytes.ToArray(), read.Bytes.ToArray());
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ArchivesComeBack(bool compress)
    {
        var a = Tensor.From<float>([1, 2, 3], 3);
        var b = Tensor.From<long>([7], 1, 1);
        var stream = new MemoryStream();
        NpzFile.Write(stream, [KeyValuePair.Create("a", a), KeyValuePair.Create("folder/b", b)], compress);
        using var npz = NpzFile.Parse(stream.ToArray());
        Assert.Equal(["a", "folder/b"], npz.Names);
        Assert.Equal([1f, 2f, 3f], npz["a"].ToTensor().Span<float>().ToArray());
        Assert.Equal([7L], npz["folder/b"].ToTensor().Span<long>().ToArray());
        Assert.Throws<ModelFormatException>(() => npz["c"]);
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}")]
    [InlineData("{'descr': '<U4', 'fortran_order': False, 'shape': (1,)}")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1")]
    [InlineData("{'descr': '<f4', 'shape': (1,)}")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999, 9999999999)}")]
    [InlineData("{'descr': '', 'fortran_order': False, 'shape': (1,)}")]
    [InlineData("")]
    public void BrokenHeadersAreRefused(string header) =>
        Assert.Throws<ModelFormatException>(() => NpyFile.Parse(new ByteSource(File(1, header, new byte[4]))));

    [Fact]
    public void EveryCutIsRefused()
    {
        byte[] bytes = File(1, "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", new byte[4]);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<ModelFormatException>(() => NpyFile.Parse(new ByteSource(bytes.AsMemory(0, length))));
        bytes[6] = 4;
        Assert.Throws<ModelFormatException>(() => NpyFile.Parse(new ByteSource(bytes)));
    }

    private static byte[] File(int version, string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header + "\n");
        var length = new byte[version == 1 ? 2 : 4];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        return [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', (byte)version, 0, .. length, .. text, .. data];
    }
}
