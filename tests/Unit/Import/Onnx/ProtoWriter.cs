using System.Text;

namespace ExecuSharp.Tests.Unit.Import.Onnx;

/// <summary>Writes protobuf messages field by field, for small models in tests.</summary>
public sealed class ProtoWriter
{
    private readonly MemoryStream bytes = new();

    /// <summary>The message.</summary>
    public byte[] ToArray() => bytes.ToArray();

    /// <summary>A varint field.</summary>
    public ProtoWriter Int(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    /// <summary>A field of bytes.</summary>
    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)value.Length);
        bytes.Write(value);
        return this;
    }

    /// <summary>A text field.</summary>
    public ProtoWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message field.</summary>
    public ProtoWriter Message(int field, Action<ProtoWriter> write)
    {
        var inner = new ProtoWriter();
        write(inner);
        return Bytes(field, inner.ToArray());
    }

    /// <summary>A float tensor input or output of a graph: field 11 or 12.</summary>
    public ProtoWriter Value(int field, string name, params long[] sizes) => Message(field, v => v.Text(1, name)
        .Message(2, t => t.Message(1, tensor => tensor.Int(1, 1).Message(2, shape =>
        {
            foreach (long s in sizes)
                shape.Message(1, d => _ = s < 0 ? d.Text(2, "n") : d.Int(1, s));
        }))));

    /// <summary>A node of a graph.</summary>
    public ProtoWriter Node(string op, string[] inputs, string[] outputs) => Message(1, n =>
    {
        foreach (string i in inputs)
            n.Text(1, i);
        foreach (string o in outputs)
            n.Text(2, o);
        n.Text(4, op);
    });

    /// <summary>A model of opset 17 around a graph.</summary>
    public static byte[] Model(Action<ProtoWriter> graph) => new ProtoWriter().Int(1, 8).Message(7, graph).Message(8, o => o.Int(2, 17)).ToArray();

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            bytes.WriteByte((byte)(value | 0x80));
        bytes.WriteByte((byte)value);
    }
}
