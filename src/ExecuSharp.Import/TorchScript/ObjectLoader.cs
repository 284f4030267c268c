using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;
using ExecuSharp.Formats.TorchArchive;
using ExecuSharp.Import.Functional;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript;

/// <summary>Turns what the file stores into values: modules with attributes, weights as constants or buffers.</summary>
/// <param name="context">Where weights go.</param>
/// <param name="mutable">Names of tensors that the method writes.</param>
/// <param name="started">Buffers that begin as zeros of other sizes than the file's.</param>
internal sealed class ObjectLoader(ScriptContext context, IReadOnlySet<string> mutable, IReadOnlyDictionary<string, TensorSpec> started)
{
    private readonly Dictionary<PickleValue, ScriptValue> made = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<StoredTensor, (TensorHandle Handle, Value Value, string Name)> weights = new(ReferenceEqualityComparer.Instance);

    /// <summary>Sets the attributes of an object with a <c>__setstate__</c>; null if the class has none.</summary>
    public Func<ScriptValue.Object, ScriptValue, bool>? SetState { get; set; }

    /// <summary>All weights with the names they have in the module.</summary>
    public IEnumerable<(TensorHandle Handle, Value Value, string Name)> Weights => weights.Values;

    /// <summary>Tensor attributes of modules as they were loaded.</summary>
    public List<(ScriptValue.Object Owner, string Attribute, ScriptValue.Tensor Tensor)> Attributes { get; } = [];

    /// <summary>A value of the file.</summary>
    /// <exception cref="ModelFormatException">It is of a kind that TorchScript does not have.</exception>
    public ScriptValue Load(PickleValue value, string path)
    {
        if (made.TryGetValue(value, out var known))
            return known;
        var loaded = Convert(value, path);
        if (value is PickleTensor or PickleObject or PickleList or PickleDict)
            made[value] = loaded;
        return loaded;
    }

    private ScriptValue Convert(PickleValue value, string path)
    {
        switch (value)
        {
            case PickleNone:
                return ScriptValue.None;
            case PickleBool b:
                return b.Value;
            case PickleInt i:
                return i.Value;
            case PickleFloat f:
                return f.Value;
            case PickleString s:
                return s.Value;
            case PickleTensor t:
                return Weight(t.Tensor, path);
            case PickleList l:
                return new ScriptValue.List(l.Items.Select((item, i) => Load(item, $"{path}.{i}")).ToArray());
            case PickleTuple t:
                return new ScriptValue.Tuple([.. t.Items.Select((item, i) => Load(item, $"{path}.{i}"))]);
            case PickleDict d:
                var dict = new ScriptValue.Dict();
                foreach (var (key, item) in d.Items)
                    dict.Items.Add(new(Load(key, path), Load(item, $"{path}.{key.AsString}")));
                return dict;
            case PickleObject { Type.FullName: "torch.device" } device:
                return device.Arguments.Items.FirstOrDefault()?.AsString ?? "cpu";
            case PickleObject o:
                return Object(o, path);
            case PickleGlobal g when TorchTypeOf(g) is { } type:
                return (long)type;
            default:
                throw new ModelFormatException(path.Length == 0 ? "data.pkl" : $"data.pkl, {path}", "a value of TorchScript", value.ToString());
        }
    }

    private static ScalarType? TorchTypeOf(PickleGlobal global) => global.Module == "torch" ? global.Name switch
    {
        "float32" => ScalarType.Float,
        "float64" => ScalarType.Double,
        "float16" => ScalarType.Half,
        "bfloat16" => ScalarType.BFloat16,
        "int64" => ScalarType.Long,
        "int32" => ScalarType.Int,
        "int16" => ScalarType.Short,
        "int8" => ScalarType.Char,
        "uint8" => ScalarType.Byte,
        "bool" => ScalarType.Bool,
        "quint8" => ScalarType.QUInt8,
        "qint8" => ScalarType.QInt8,
        "qint32" => ScalarType.QInt32,
        _ => null,
    } : null;

    private ScriptValue Object(PickleObject source, string path)
    {
        if (source.State is null && source.Arguments.Items is [var member])
            return Load(member, path);
        bool isModule = source.Attributes is not null;
        var state = isModule || source.State is null ? null : Load(source.State, path);
        var made = new ScriptValue.Object(source.Type.FullName, path) { State = state };
        if (isModule)
            foreach (var (key, item) in source.Attributes!.Items)
            {
                string name = key.AsString ?? throw new ModelFormatException($"data.pkl, {path}", "an attribute with a name", key.ToString());
                var value = Load(item, path.Length == 0 ? name : $"{path}.{name}");
                made.Set(name, value);
                if (value is ScriptValue.Tensor tensor)
                    Attributes.Add((made, name, tensor));
            }
        else if (state is not null)
            SetState?.Invoke(made, state);
        return made;
    }

    private ScriptValue.Tensor Weight(StoredTensor stored, string name)
    {
        var quantization = stored.Quantizer is { } q
            ? new Quantization(Quantization.Codes(stored.Type), q.Axis, [.. q.Scales], [.. q.ZeroPoints.Select(z => (long)z)])
            : null;
        if (!weights.TryGetValue(stored, out var weight))
        {
            var tensor = stored.ToTensor();
            if (quantization is not null)
                tensor = new Tensor(quantization.Type, tensor.Sizes, tensor.Storage);
            string unique = name.Length == 0 ? "constant" : name;
            bool begins = started.TryGetValue(unique, out var spec);
            if (begins)
                tensor = Tensor.Empty(spec!.Type, spec.MaxSizes);
            var value = begins || mutable.Contains(unique) ? context.Builder.Root.Buffer(tensor, unique) : context.Builder.Constant(tensor, unique);
            weights.Add(stored, weight = (Functionalizer.Own(value), value, unique));
        }
        return new ScriptValue.Tensor(weight.Handle) { Quantization = quantization, IsWeight = true };
    }
}
