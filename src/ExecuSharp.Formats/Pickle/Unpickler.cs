using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pickle;

/// <summary>
/// Reads pickles of protocols 0 to 5 (Python's pickletools.py lists the instructions) into inert records. Executes nothing:
/// calls are given to a <see cref="PickleResolver"/>, which knows a closed list. Refuses extension codes, out-of-band buffers, cycles,
/// and values nested deeper than <see cref="MaxDepth"/>. Memory is bounded by a multiple of the pickle's length.
/// </summary>
public sealed class Unpickler
{
    /// <summary>The deepest nesting.</summary>
    public const int MaxDepth = 500;

    private static readonly PickleNone None = new();
    private static readonly PickleBool True = new(true);
    private static readonly PickleBool False = new(false);

    private readonly PickleReader reader;
    private readonly PickleResolver resolver;
    private readonly List<PickleValue> stack = [];
    private readonly Stack<int> marks = new();
    private readonly Dictionary<long, PickleValue> memo = [];
    private long work;

    private Unpickler(ReadOnlyMemory<byte> data, PickleResolver resolver) => (reader, this.resolver) = (new PickleReader(data), resolver);

    /// <summary>Reads one pickle.</summary>
    /// <param name="data">The bytes; more may follow.</param>
    /// <param name="resolver">Which globals are allowed and what they stand for.</param>
    /// <param name="consumed">How many bytes the pickle had.</param>
    /// <exception cref="ModelFormatException">The bytes are no valid pickle, or name a global outside the closed list.</exception>
    public static PickleValue Load(ReadOnlyMemory<byte> data, PickleResolver resolver, out int consumed)
    {
        var unpickler = new Unpickler(data, resolver);
        var value = unpickler.Run();
        consumed = unpickler.reader.Position;
        PickleShape.Check(value);
        return value;
    }

    /// <summary>Reads one pickle.</summary>
    /// <exception cref="ModelFormatException">The bytes are no valid pickle, or name a global outside the closed list.</exception>
    public static PickleValue Load(ReadOnlyMemory<byte> data, PickleResolver resolver) => Load(data, resolver, out _);

    private string Place => reader.Place;

    private PickleValue Run()
    {
        while (true)
        {
            byte op = reader.Byte();
            if (op == '.')
                return Pop();
            if (!Constant(op) && !Container(op) && !Object(op))
                throw new ModelFormatException($"pickle offset {reader.Position - 1}", "a pickle instruction of protocol 0 to 5", $"0x{op:x2}");
        }
    }

    private bool Constant(byte op)
    {
        switch (op)
        {
            case (byte)'N': Push(None); return true;
            case 0x88: Push(True); return true;
            case 0x89: Push(False); return true;
            case (byte)'K': Push(new PickleInt(reader.Byte())); return true;
            case (byte)'M': Push(new PickleInt(reader.UInt16())); return true;
            case (byte)'J': Push(new PickleInt(reader.Int32())); return true;
            case (byte)'I': Push(IntegerOrBool()); return true;
            case (byte)'L': Push(reader.DecimalLine()); return true;
            case 0x8a: Push(reader.LittleEndianInteger(reader.Byte())); return true;
            case 0x8b: Push(reader.LittleEndianInteger(reader.UInt32())); return true;
            case (byte)'G': Push(new PickleFloat(reader.Double())); return true;
            case (byte)'F': Push(new PickleFloat(reader.FloatLine())); return true;
            case (byte)'X': Push(new PickleString(reader.Text(reader.UInt32()))); return true;
            case 0x8c: Push(new PickleString(reader.Text(reader.Byte()))); return true;
            case 0x8d: Push(new PickleString(reader.Text(reader.UInt64()))); return true;
            case (byte)'V': Push(new PickleString(reader.EscapedLine())); return true;
            case (byte)'S': Push(new PickleString(reader.QuotedLine())); return true;
            case (byte)'T': Push(new PickleString(reader.OldText(reader.UInt32()))); return true;
            case (byte)'U': Push(new PickleString(reader.OldText(reader.Byte()))); return true;
            case (byte)'B': Push(new PickleBytes(reader.Bytes(reader.UInt32()))); return true;
            case (byte)'C': Push(new PickleBytes(reader.Bytes(reader.Byte()))); return true;
            case 0x8e: Push(new PickleBytes(reader.Bytes(reader.UInt64()))); return true;
            case 0x96: Push(new PickleBytes(reader.Bytes(reader.UInt64()))); return true;
            default: return false;
        }
    }

    private bool Container(byte op)
    {
        switch (op)
        {
            case (byte)'(': marks.Push(stack.Count); return true;
            case (byte)'0': PopOrMark(); return true;
            case (byte)'1': PopMark(); return true;
            case (byte)'2': Push(Top()); return true;
            case (byte)')': Push(new PickleTuple([])); return true;
            case (byte)'t': Push(new PickleTuple(PopMark())); return true;
            case 0x85: Push(new PickleTuple(Pop(1))); return true;
            case 0x86: Push(new PickleTuple(Pop(2))); return true;
            case 0x87: Push(new PickleTuple(Pop(3))); return true;
            case (byte)']': Push(new PickleList()); return true;
            case (byte)'l': Push(new PickleList(PopMark())); return true;
            case (byte)'a': Append(Pop(1)); return true;
            case (byte)'e': Append(PopMark()); return true;
            case (byte)'}': Push(new PickleDict()); return true;
            case (byte)'d': NewDictionary(PopMark()); return true;
            case (byte)'s': SetItems(Pop(2)); return true;
            case (byte)'u': SetItems(PopMark()); return true;
            case 0x8f: Push(new PickleSet()); return true;
            case 0x90: Append(PopMark()); return true;
            case 0x91: Push(new PickleSet(PopMark())); return true;
            case (byte)'p': Put(reader.MemoLine()); return true;
            case (byte)'q': Put(reader.Byte()); return true;
            case (byte)'r': Put(reader.UInt32()); return true;
            case 0x94: Put(memo.Count); return true;
            case (byte)'g': Get(reader.MemoLine()); return true;
            case (byte)'h': Get(reader.Byte()); return true;
            case (byte)'j': Get(reader.UInt32()); return true;
            default: return false;
        }
    }

    private bool Object(byte op)
    {
        switch (op)
        {
            case 0x80: Protocol(reader.Byte()); return true;
            case 0x95: Frame(reader.UInt64()); return true;
            case (byte)'c': Push(Global(reader.Line(), reader.Line())); return true;
            case 0x93: StackGlobal(Pop(2)); return true;
            case (byte)'R': Reduce(Pop(2)); return true;
            case 0x81: NewObject(Pop(2)); return true;
            case 0x92: NewObject(Pop(3)); return true;
            case (byte)'b': Build(Pop(2)); return true;
            case (byte)'i': Instance(Global(reader.Line(), reader.Line()), PopMark()); return true;
            case (byte)'o': ObjectOnStack(PopMark()); return true;
            case (byte)'P': Push(resolver.PersistentLoad(new PickleString(reader.Line()), Place)); return true;
            case (byte)'Q': Push(resolver.PersistentLoad(Pop(), Place)); return true;
            case 0x82 or 0x83 or 0x84: throw new ModelFormatException(Place, "no extension codes", "one, whose meaning is not in the file");
            case 0x97 or 0x98: throw new ModelFormatException(Place, "buffers inside the pickle", "an out-of-band buffer");
            default: return false;
        }
    }

    private void Push(PickleValue value) => stack.Add(value);

    private int Floor => marks.Count > 0 ? marks.Peek() : 0;

    private PickleValue Top() => stack.Count > Floor ? stack[^1] : throw Empty();

    private PickleValue Pop()
    {
        var value = Top();
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    private PickleValue[] Pop(int count)
    {
        if (stack.Count - Floor < count)
            throw Empty();
        var values = stack.GetRange(stack.Count - count, count).ToArray();
        stack.RemoveRange(stack.Count - count, count);
        return values;
    }

    private PickleValue[] PopMark()
    {
        if (marks.Count == 0)
            throw new ModelFormatException(Place, "a mark", "none");
        int mark = marks.Pop();
        var values = stack.GetRange(mark, stack.Count - mark).ToArray();
        stack.RemoveRange(mark, values.Length);
        return values;
    }

    private void PopOrMark()
    {
        if (marks.Count > 0 && marks.Peek() == stack.Count)
            marks.Pop();
        else
            Pop();
    }

    private void Put(long index) => memo[index] = Top();

    private void Get(long index) =>
        Push(memo.TryGetValue(index, out var value) ? value : throw new ModelFormatException(Place, "a memo entry", $"none of number {index}"));

    private void Protocol(byte version)
    {
        if (version > 5)
            throw new ModelFormatException(Place, "pickle protocol 0 to 5", $"{version}");
    }

    private void Frame(ulong length)
    {
        if (length > (ulong)(reader.Length - reader.Position))
            throw new ModelFormatException(Place, $"a frame of at most {reader.Length - reader.Position} bytes", $"{length}");
    }

    private PickleValue IntegerOrBool()
    {
        int start = reader.Position;
        var value = reader.DecimalLine();
        bool padded = reader.Position - start == 3 && value is PickleInt { Value: 0 or 1 };
        return padded ? new PickleBool(((PickleInt)value).Value == 1) : value;
    }

    private void Append(PickleValue[] values)
    {
        var target = Top();
        foreach (var value in values)
        {
            switch (target)
            {
                case PickleList list: list.Add(value); break;
                case PickleSet set: set.Add(value); break;
                case PickleObject o: o.Add(value); break;
                default: throw new ModelFormatException(Place, "a list or set", target.ToString());
            }
        }
    }

    private void NewDictionary(PickleValue[] values)
    {
        Push(new PickleDict());
        SetItems(values);
    }

    private void SetItems(PickleValue[] values)
    {
        var target = Top();
        if (values.Length % 2 != 0)
            throw new ModelFormatException(Place, "keys and values in pairs", $"{values.Length} values");
        for (int i = 0; i < values.Length; i += 2)
        {
            switch (target)
            {
                case PickleDict d: d.Set(values[i], values[i + 1]); break;
                case PickleObject o: o.Set(values[i], values[i + 1]); break;
                default: throw new ModelFormatException(Place, "a dictionary", target.ToString());
            }
        }
    }

    private PickleGlobal Global(string module, string name)
    {
        var global = new PickleGlobal(module, name);
        resolver.CheckGlobal(global, Place);
        return global;
    }

    private void StackGlobal(PickleValue[] names) => Push(names is [PickleString module, PickleString name]
        ? Global(module.Value, name.Value)
        : throw new ModelFormatException(Place, "a module and a name", $"{names[0]} and {names[1]}"));

    private void Reduce(PickleValue[] call) => PushMade(call[0] is PickleGlobal callable
        ? call[1] is PickleTuple arguments ? resolver.Reduce(callable, arguments, Place) : resolver.ReduceValue(callable, call[1], Place)
        : throw new ModelFormatException(Place, "a global and a tuple of arguments", $"{call[0]} and {call[1]}"));

    private void NewObject(PickleValue[] call) => PushMade(call switch
    {
        [PickleGlobal type, PickleTuple arguments] => resolver.NewObject(type, arguments, null, Place),
        [PickleGlobal type, PickleTuple arguments, PickleDict keywords] => resolver.NewObject(type, arguments, keywords, Place),
        _ => throw new ModelFormatException(Place, "a class and its arguments", string.Join(", ", (object[])call)),
    });

    private void Build(PickleValue[] pair) => PushMade(resolver.Build(pair[0], pair[1], Place));

    private void Instance(PickleGlobal type, PickleValue[] arguments) =>
        PushMade(resolver.NewObject(type, new PickleTuple(arguments), null, Place));

    private void ObjectOnStack(PickleValue[] values) => PushMade(values is [PickleGlobal type, ..]
        ? resolver.NewObject(type, new PickleTuple(values[1..]), null, Place)
        : throw new ModelFormatException(Place, "a class", values.Length == 0 ? "nothing" : values[0].ToString()));

    /// <summary>Copies made by constructors are counted, so that many of a large memo entry cannot fill the memory.</summary>
    private void PushMade(PickleValue value)
    {
        work += value switch
        {
            PickleDict d => d.Items.Count,
            PickleBytes b => b.Value.Length / 16,
            _ => value.AsSequence?.Count ?? 0,
        };
        if (work > 1_000_000 + 4L * reader.Length)
            throw new ModelFormatException(Place, "copies in proportion to the pickle", $"{work} elements from {reader.Length} bytes");
        Push(value);
    }

    private ModelFormatException Empty() => new(Place, "a value on the stack", "none");
}
