namespace ExecuSharp.Formats.Onnx;

/// <summary>Tensors, sequences and optional values from their messages.</summary>
internal static class TensorRecords
{
    public static TensorProto Tensor(WireReader r)
    {
        var t = new TensorProto { Place = r.Place.ToString() };
        List<long> dims = [], int32 = [], int64 = [], uint64 = [];
        var floats = new List<float>();
        var doubles = new List<double>();
        var strings = new List<ReadOnlyMemory<byte>>();
        var external = new List<(string, string)>();
        while (r.Next())
            switch (r.Field)
            {
                case 1: r.Ints(dims); break;
                case 2: t = t with { DataType = (OnnxDataType)r.Int() }; break;
                case 4: r.Floats(floats); break;
                case 5: r.Ints(int32); break;
                case 6: strings.Add(r.Bytes()); break;
                case 7: r.Ints(int64); break;
                case 8: t = t with { Name = r.Text() }; break;
                case 9: t = t with { RawData = r.Bytes() }; break;
                case 10: r.Doubles(doubles); break;
                case 11: r.Ints(uint64); break;
                case 13: external.Add(Entry(r.Message("external_data", external.Count))); break;
                case 14: t = t with { IsExternal = r.Int() == 1 }; break;
                default: r.Skip(); break;
            }
        return t with
        {
            Dims = dims,
            FloatData = floats,
            Int32Data = int32.ConvertAll(v => unchecked((int)v)),
            Int64Data = int64,
            UInt64Data = uint64.ConvertAll(v => unchecked((ulong)v)),
            DoubleData = doubles,
            StringData = strings,
            ExternalData = external,
        };
    }

    public static SparseTensorProto Sparse(WireReader r)
    {
        TensorProto values = new() { Place = r.Place + ".values" }, indices = new() { Place = r.Place + ".indices" };
        var dims = new List<long>();
        while (r.Next())
            switch (r.Field)
            {
                case 1: values = Tensor(r.Message("values")); break;
                case 2: indices = Tensor(r.Message("indices")); break;
                case 3: r.Ints(dims); break;
                default: r.Skip(); break;
            }
        return new SparseTensorProto(values, indices, dims);
    }

    public static (string Key, string Value) Entry(WireReader r)
    {
        string key = "", value = "";
        while (r.Next())
            switch (r.Field)
            {
                case 1: key = r.Text(); break;
                case 2: value = r.Text(); break;
                default: r.Skip(); break;
            }
        return (key, value);
    }

    public static SequenceProto Sequence(WireReader r)
    {
        var tensors = new List<TensorProto>();
        var sequences = new List<SequenceProto>();
        var optionals = new List<OptionalProto>();
        while (r.Next())
            switch (r.Field)
            {
                case 3: tensors.Add(Tensor(r.Message("tensor_values", tensors.Count))); break;
                case 5: sequences.Add(Sequence(r.Message("sequence_values", sequences.Count))); break;
                case 7: optionals.Add(Optional(r.Message("optional_values", optionals.Count))); break;
                default: r.Skip(); break;
            }
        return new SequenceProto(tensors, sequences, optionals);
    }

    public static OptionalProto Optional(WireReader r)
    {
        var value = new OptionalProto(null, null, null);
        while (r.Next())
            switch (r.Field)
            {
                case 3: value = value with { Tensor = Tensor(r.Message("tensor_value")) }; break;
                case 5: value = value with { Sequence = Sequence(r.Message("sequence_value")) }; break;
                case 7: value = value with { Optional = Optional(r.Message("optional_value")) }; break;
                default: r.Skip(); break;
            }
        return value;
    }
}
