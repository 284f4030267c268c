using System.Buffers.Binary;
using System.Text;
using ExecuSharp.Core;

namespace ExecuSharp.Formats.Onnx;

/// <summary>
/// The fields of one protobuf message, one after the other. A tag is a varint of (field number &lt;&lt; 3 | wire type); wire types: 0 varint,
/// 1 eight bytes, 2 length and bytes, 5 four bytes. Groups (3, 4) are refused.
/// </summary>
internal sealed class WireReader(ReadOnlyMemory<byte> message, WirePlace place)
{
    private const int MaxDepth = 128;
    private int position;
    private int wireType;

    /// <summary>Number of the field that <see cref="Next"/> stands at.</summary>
    public int Field { get; private set; }

    public WirePlace Place => place;

    /// <summary>Goes to the next field; its value must then be read or skipped.</summary>
    public bool Next()
    {
        if (position >= message.Length)
            return false;
        ulong tag = RawVarint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        wireType = (int)(tag & 7);
        if (Field == 0 || tag > uint.MaxValue)
            throw Bad("a field number from 1 to 536870911", $"tag {tag}");
        if (wireType is 3 or 4 or 6 or 7)
            throw Bad("a varint, 4 or 8 bytes, or a length", $"wire type {wireType} of field {Field}");
        return true;
    }

    public void Skip()
    {
        switch (wireType)
        {
            case 0:
                RawVarint();
                break;
            case 1:
                Take(8);
                break;
            case 5:
                Take(4);
                break;
            default:
                Take(RawVarint());
                break;
        }
    }

    public long Int()
    {
        Expect(0, "an integer");
        return (long)RawVarint();
    }

    public float Float()
    {
        Expect(5, "a float");
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4).Span);
    }

    public ReadOnlyMemory<byte> Bytes()
    {
        Expect(2, "bytes");
        return Take(RawVarint());
    }

    public string Text()
    {
        var bytes = Bytes();
        try
        {
            return Strict.GetString(bytes.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException($"{place}, field {Field}", "UTF-8 text", e.Message, null, e);
        }
    }

    /// <summary>A message inside this one, named for error messages.</summary>
    public WireReader Message(string name, int index = -1)
    {
        var inner = new WirePlace(place, name, index);
        if (inner.Depth > MaxDepth)
            throw Bad($"messages nested at most {MaxDepth} deep", "a deeper one");
        return new WireReader(Bytes(), inner);
    }

    /// <summary>An integer, or several packed into one field.</summary>
    public void Ints(List<long> to)
    {
        if (wireType == 0)
        {
            to.Add((long)RawVarint());
            return;
        }
        var packed = new WireReader(Bytes(), place);
        while (!packed.AtEnd)
            to.Add((long)packed.RawVarint());
    }

    /// <summary>A float, or several packed into one field.</summary>
    public void Floats(List<float> to)
    {
        if (wireType == 5)
        {
            to.Add(Float());
            return;
        }
        var packed = Packed(4);
        for (int i = 0; i < packed.Length; i += 4)
            to.Add(BinaryPrimitives.ReadSingleLittleEndian(packed[i..]));
    }

    /// <summary>A double, or several packed into one field.</summary>
    public void Doubles(List<double> to)
    {
        if (wireType == 1)
        {
            to.Add(BinaryPrimitives.ReadDoubleLittleEndian(Take(8).Span));
            return;
        }
        var packed = Packed(8);
        for (int i = 0; i < packed.Length; i += 8)
            to.Add(BinaryPrimitives.ReadDoubleLittleEndian(packed[i..]));
    }

    private bool AtEnd => position >= message.Length;

    private static UTF8Encoding Strict { get; } = new(false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> Packed(int size)
    {
        var bytes = Bytes();
        if (bytes.Length % size != 0)
            throw Bad($"a multiple of {size} bytes", $"{bytes.Length} bytes");
        return bytes.Span;
    }

    private void Expect(int type, string what)
    {
        if (wireType != type)
            throw Bad($"{what} (wire type {type})", $"wire type {wireType} of field {Field}");
    }

    private ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)(message.Length - position))
            throw Bad($"{length} bytes of field {Field}", $"{message.Length - position} bytes to the end of the message");
        var taken = message.Slice(position, (int)length);
        position += (int)length;
        return taken;
    }

    private ulong RawVarint()
    {
        var span = message.Span;
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (position >= span.Length)
                throw Bad("a varint", "the end of the message");
            byte b = span[position++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        throw Bad("a varint of at most 10 bytes", "a longer one");
    }

    private ModelFormatException Bad(string expected, string found) => new($"{place}, byte {position} of the message", expected, found);
}
