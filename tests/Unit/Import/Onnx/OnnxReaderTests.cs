using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.Onnx;
using ExecuSharp.Import.Onnx;

namespace ExecuSharp.Tests.Unit.Import.Onnx;

public sealed class OnnxReaderTests
{
    [Fact]
    public void RawDataIsASliceOfTheFile()
    {
        byte[] file = new ProtoWriter().Int(1, 2).Int(2, 2).Text(8, "w").Bytes(9, [7, 9]).ToArray();
        var tensor = OnnxReader.ReadTensor(file);
        Assert.Equal([2], tensor.Dims);
        Assert.True(MemoryMarshal.TryGetArray(tensor.RawData!.Value, out var segment));
        Assert.Same(file, segment.Array);
        Assert.Equal([7, 9], OnnxTensors.Decode(tensor).Bytes.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0x08, 2, 0x08, 3 })]
    [InlineData(new byte[] { 0x0A, 2, 2, 3 })]
    public void RepeatedIntegersMayBePackedOrNot(byte[] dims) => Assert.Equal([2, 3], OnnxReader.ReadTensor(dims).Dims);

    [Theory]
    [InlineData(new byte[] { 0x08 })]
    [InlineData(new byte[] { 0x0A, 5, 1 })]
    [InlineData(new byte[] { 0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01 })]
    [InlineData(new byte[] { 0x0B })]
    [InlineData(new byte[] { 0x00, 0 })]
    [InlineData(new byte[] { 0x42, 2, 0xC3, 0x28 })]
    public void DamagedBytesAreRefused(byte[] bytes) => Assert.Throws<ModelFormatException>(() => OnnxReader.ReadTensor(bytes, "file"));

    [Fact]
    public void DeepNestingIsRefused()
    {
        byte[] graph = [];
        for (int i = 0; i < 200; i++)
        {
            byte[] inner = graph;
            graph = new ProtoWriter().Message(1, node => node.Message(5, attribute => attribute.Bytes(6, inner))).ToArray();
        }
        var e = Assert.Throws<ModelFormatException>(() => OnnxReader.ReadModel(new ProtoWriter().Bytes(7, graph).ToArray()));
        Assert.Contains("model.graph.node[0].attribute[0].g", e.Place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OnnxDataType.Float8E4M3Fn, 0x7E, 448)]
    [InlineData(OnnxDataType.Float8E4M3Fn, 0x01, 0.001953125)]
    [InlineData(OnnxDataType.Float8E4M3Fn, 0x7F, double.NaN)]
    [InlineData(OnnxDataType.Float8E4M3FnUz, 0x80, double.NaN)]
    [InlineData(OnnxDataType.Float8E5M2, 0xFC, double.NegativeInfinity)]
    [InlineData(OnnxDataType.Float8E5M2FnUz, 0x7F, 57344)]
    [InlineData(OnnxDataType.Float8E8M0, 127, 1)]
    [InlineData(OnnxDataType.Float4E2M1, 0x07, 6)]
    public void SmallFloatsBecomeFloats(OnnxDataType type, byte code, double expected)
    {
        var tensor = OnnxTensors.Decode(new TensorProto { DataType = type, Dims = [1], RawData = new[] { code } });
        Assert.Equal((float)expected, tensor.Span<float>()[0]);
    }

    [Fact]
    public void FourBitsAreReadLowHalfFirst()
    {
        var tensor = OnnxTensors.Decode(new TensorProto { DataType = OnnxDataType.Int4, Dims = [3], RawData = new byte[] { 0xF1, 0x07 } });
        Assert.Equal([1, -1, 7], tensor.Span<sbyte>().ToArray());
    }

    [Theory]
    [InlineData("../w.bin")]
    [InlineData("/etc/hostname")]
    [InlineData("a/../../w.bin")]
    [InlineData("..\\w.bin")]
    [InlineData("C:\\w.bin")]
    [InlineData("")]
    [InlineData(".")]
    public void ExternalDataStaysInTheFolder(string location)
    {
        using var folder = new ExternalFolder(Path.GetTempPath());
        Assert.Throws<ModelFormatException>(() => folder.Read(location, 0, 1));
    }

    [Fact]
    public void SizesAreHeldAgainstTheData()
    {
        var e = Assert.Throws<ModelFormatException>(() => OnnxTensors.Decode(new TensorProto { Place = "t", DataType = OnnxDataType.Float, Dims = [1L << 31, 1L << 33], RawData = new byte[4] }));
        Assert.Contains("sizes that fit", e.Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => OnnxTensors.Decode(new TensorProto { DataType = OnnxDataType.Float, Dims = [-1], RawData = Array.Empty<byte>() }));
        Assert.Throws<ModelFormatException>(() => OnnxTensors.Decode(new TensorProto { DataType = OnnxDataType.String, Dims = [1] }));
    }
}
