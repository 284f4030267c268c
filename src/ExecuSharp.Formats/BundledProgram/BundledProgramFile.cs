using ExecuSharp.Core;
using ExecuSharp.Formats.FlatBuffers;
using ExecuSharp.Formats.Io;

namespace ExecuSharp.Formats.BundledProgram;

/// <summary>A program with test cases (<c>.bpte</c>; bundled_program_schema.fbs; identifier BP08).</summary>
/// <param name="Version">Schema version; 2 seen.</param>
/// <param name="Suites">Test cases by method.</param>
/// <param name="Program">A complete <c>.pte</c>.</param>
public sealed record BundledProgramFile(uint Version, IReadOnlyList<BundledSuite> Suites, ReadOnlyMemory<byte> Program)
{
    /// <summary>True if the bytes start like a <c>.bpte</c>.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.Length >= 8 && head.Slice(4, 4).SequenceEqual("BP08"u8);

    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelFormatException">The bytes are no bundled program.</exception>
    public static BundledProgramFile Read(ByteSource source) => source.Read(Parse);

    /// <summary>Writes the file.</summary>
    public byte[] ToBytes()
    {
        var root = new FlatTableBuilder()
            .UInt32(0, Version)
            .Child(1, FlatVectorBuilder.Tables([.. Suites.Select(Write)]))
            .Child(2, FlatVectorBuilder.Bytes(Program, 32));
        return FlatBufferWriter.Write(root, "BP08");
    }

    private static BundledProgramFile Parse(ByteSource source)
    {
        var buffer = new FlatBuffer(source.Slice(0, source.Length, "bundled program"), ".bpte");
        if (buffer.Identifier != "BP08")
            throw new ModelFormatException("byte 4", "the identifier BP08", $"\"{Pte.PteReader.Printable(System.Text.Encoding.Latin1.GetBytes(buffer.Identifier))}\"");
        var root = buffer.Root("BundledProgram");
        return new BundledProgramFile(root.UInt32(0), Pte.PteReader.List(root.Vector(1, 4), "BundledMethodTestSuite", Suite), root.Bytes(2));
    }

    private static BundledSuite Suite(FlatTable suite) =>
        new(suite.String(0) ?? "", Pte.PteReader.List(suite.Vector(1, 4), "BundledMethodTestCase", c => new BundledCase(Values(c.Vector(0, 4)), Values(c.Vector(1, 4)))));

    private static List<BundledValue> Values(FlatVector values) => Pte.PteReader.List(values, "Value", Value);

    private static BundledValue Value(FlatTable value)
    {
        var t = value.RequiredTable(1, "ValueUnion");
        switch (value.Byte(0))
        {
            case 1:
                var type = (ScalarType)t.Byte(0);
                var sizes = t.Vector(1, 4).Int32s();
                var data = t.Bytes(2);
                long bytes = type.SizeOf();
                if (bytes == 0)
                    throw t.Error("a known element type", $"{(int)type}");
                foreach (int s in sizes)
                {
                    if (s < 0 || (s > 0 && bytes > int.MaxValue / s))
                        throw t.Error("sizes of 0 or more, and fewer than 2^31 bytes", Tensor.Format(sizes));
                    bytes *= s;
                }
                if (data.Length != bytes)
                    throw t.Error($"{bytes} bytes for {type.Name()}{Tensor.Format(sizes)}", $"{data.Length} bytes");
                var order = t.Bytes(3).ToArray();
                if (order.Length == 0)
                    order = Tensor.ContiguousOrder(sizes.Length);
                if (order.Length != sizes.Length || !order.Order().SequenceEqual(Tensor.ContiguousOrder(sizes.Length)))
                    throw t.Error("a dim order that is a permutation", $"[{string.Join(", ", order)}]");
                return new BundledValue.TensorValue(type, sizes, data, order);
            case 2:
                return new BundledValue.IntValue(t.Int64(0));
            case 3:
                return new BundledValue.BoolValue(t.Bool(0));
            case 4:
                return new BundledValue.DoubleValue(t.Double(0));
            default:
                throw value.Error("a value of kind 1 to 4", $"kind {value.Byte(0)}");
        }
    }

    private static FlatTableBuilder Write(BundledSuite suite) => new FlatTableBuilder()
        .String(0, suite.Method)
        .Child(1, FlatVectorBuilder.Tables([.. suite.Cases.Select(c => new FlatTableBuilder()
            .Child(0, FlatVectorBuilder.Tables([.. c.Inputs.Select(Write)]))
            .Child(1, FlatVectorBuilder.Tables([.. c.ExpectedOutputs.Select(Write)])))]));

    private static FlatTableBuilder Write(BundledValue value) => value switch
    {
        BundledValue.TensorValue t => new FlatTableBuilder().Union(0, 1, new FlatTableBuilder()
            .Byte(0, (byte)t.Type)
            .Child(1, FlatVectorBuilder.Int32s(t.Sizes))
            .Child(2, FlatVectorBuilder.Bytes(t.Data, 16))
            .Child(3, FlatVectorBuilder.Bytes(t.DimOrder))),
        BundledValue.IntValue i => new FlatTableBuilder().Union(0, 2, new FlatTableBuilder().Int64(0, i.Value)),
        BundledValue.BoolValue b => new FlatTableBuilder().Union(0, 3, new FlatTableBuilder().Bool(0, b.Value)),
        BundledValue.DoubleValue d => new FlatTableBuilder().Union(0, 4, new FlatTableBuilder().Double(0, d.Value)),
        _ => throw new ArgumentException($"{value.GetType().Name} cannot be written"),
    };
}
