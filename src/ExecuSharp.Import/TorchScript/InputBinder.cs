using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.TorchArchive;
using ExecuSharp.Graphs;
using ExecuSharp.Import.Functional;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript;

/// <summary>Makes the graph's inputs for the parameters of a method.</summary>
/// <param name="builder">The graph.</param>
/// <param name="options">What the caller gives.</param>
/// <param name="traced">Inputs that the file was traced with, or null.</param>
/// <param name="found">Shapes that a former run found, by tensor input.</param>
internal sealed class InputBinder(GraphBuilder builder, TorchScriptImportOptions options, PickleValue? traced, IReadOnlyDictionary<int, TensorSpec> found)
{
    private readonly List<(Value Value, TensorHandle Handle)> tensors = [];
    private int next;

    /// <summary>The inputs, with the handles that the program may write.</summary>
    public IReadOnlyList<(Value Value, TensorHandle Handle)> Tensors => tensors;

    /// <summary>One value for each parameter.</summary>
    /// <exception cref="UnsupportedModelException">A number is needed that is not given, or an input has a type that a program cannot take.</exception>
    public ScriptValue[] Bind(IReadOnlyList<ScriptInput> inputs)
    {
        var shapes = traced?.AsSequence;
        var values = new ScriptValue[inputs.Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = Parameter(inputs[i], shapes is not null && i < shapes.Count ? shapes[i] : null);
        if (options.InputShapes is { } given && given.Count != next)
            throw Missing("inputs", $"{next} tensors are taken, shapes are given for {given.Count}");
        return values;
    }

    private ScriptValue Parameter(ScriptInput input, PickleValue? shape)
    {
        if (options.Scalars?.GetValueOrDefault(input.Name) is { } number)
            return new ScriptValue.Literal(number);
        string type = input.Type;
        if (type.StartsWith("Optional[", StringComparison.Ordinal))
        {
            bool wanted = shape is not null ? shape is not PickleNone : options.InputShapes is { } given && next < given.Count;
            if (!wanted)
                return input.Default ?? ScriptValue.None;
            type = type["Optional[".Length..^1];
        }
        return Typed(input, type, shape);
    }

    private ScriptValue Typed(ScriptInput input, string type, PickleValue? shape)
    {
        if (type is "Tensor" or "" || shape is PickleTensor)
            return Tensor(input.Name, shape);
        if (type.StartsWith("Tuple[", StringComparison.Ordinal))
        {
            var parts = shape?.AsSequence;
            return new ScriptValue.Tuple([.. Split(type["Tuple[".Length..^1])
                .Select((t, i) => Typed(new ScriptInput($"{input.Name}_{i}", t, null), t, parts is not null && i < parts.Count ? parts[i] : null))]);
        }
        if (type.StartsWith("List[Tensor", StringComparison.Ordinal))
        {
            int count = shape?.AsSequence?.Count ?? (options.InputShapes?.Count - next)
                ?? throw Missing(input.Name, "the number and shapes of a list of tensors are not in the file; give them with --input-shape");
            return new ScriptValue.List(Enumerable.Range(0, count).Select(i => Tensor($"{input.Name}_{i}", shape?.AsSequence?[i])).ToArray());
        }
        if (type.StartsWith("Dict[str, Tensor", StringComparison.Ordinal) && shape is PickleDict entries)
        {
            var dict = new ScriptValue.Dict();
            foreach (var (key, item) in entries.Items)
                dict.Items.Add(new(key.AsString ?? "", Tensor($"{input.Name}_{key.AsString}", item)));
            return dict;
        }
        if (shape is PickleInt i)
            return i.Value;
        if (shape is PickleFloat f)
            return f.Value;
        if (shape is PickleBool b)
            return b.Value;
        return input.Default ?? throw Missing(input.Name, $"an input of type {type} is fixed at conversion, and no value is given");
    }

    private ScriptValue Tensor(string name, PickleValue? shape)
    {
        int index = next++;
        var spec = options.InputShapes is { } given
            ? index < given.Count ? given[index] : throw Missing(name, $"no shape is given for tensor input {index}")
            : shape is PickleTensor { Tensor: var stored } ? new TensorSpec(stored.Type, [.. stored.Shape.ToArray().Select(s => (Dim)s)]) : found.GetValueOrDefault(index);
        if (spec is null)
            return new ScriptValue.UnknownInput(index, name);
        var value = builder.Input(name, spec);
        var handle = Functionalizer.Own(value);
        tensors.Add((value, handle));
        return new ScriptValue.Tensor(handle);
    }

    private static IEnumerable<string> Split(string types)
    {
        int depth = 0, start = 0;
        for (int i = 0; i < types.Length; i++)
        {
            depth += types[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (types[i] == ',' && depth == 0)
            {
                yield return types[start..i].Trim();
                start = i + 1;
            }
        }
        yield return types[start..].Trim();
    }

    private UnsupportedModelException Missing(string name, string why) => new(options.MethodName, [new UnsupportedItem($"input {name}", options.MethodName, why)]);
}
