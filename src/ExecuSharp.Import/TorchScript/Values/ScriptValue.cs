using ExecuSharp.Import.Functional;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript.Values;

/// <summary>A value of a TorchScript program while it is executed symbolically.</summary>
internal abstract class ScriptValue
{
    /// <summary>Nothing.</summary>
    public static ScriptValue None { get; } = new Literal(Argument.None);

    /// <summary>True for nothing.</summary>
    public bool IsNone => this is Literal { Value.IsNone: true };

    public static implicit operator ScriptValue(long value) => new Literal(value);

    public static implicit operator ScriptValue(double value) => new Literal(value);

    public static implicit operator ScriptValue(bool value) => new Literal(value);

    public static implicit operator ScriptValue(string value) => new Literal(value);

    /// <summary>A tensor.</summary>
    public sealed class Tensor(TensorHandle handle) : ScriptValue
    {
        public TensorHandle Handle { get; } = handle;

        /// <summary>If the tensor is quantized: how its codes, which the handle holds, stand for numbers.</summary>
        public Quantization? Quantization { get; init; }

        /// <summary>The number that this was made of.</summary>
        public Argument? Number { get; init; }

        /// <summary>It belongs to the module.</summary>
        public bool IsWeight { get; init; }
    }

    /// <summary>None, a number, text, or a number known at run time.</summary>
    public sealed class Literal(Argument value) : ScriptValue
    {
        public Argument Value { get; } = value;

        public override string ToString() => Value.ToString();
    }

    /// <summary>A list.</summary>
    public sealed class List(IEnumerable<ScriptValue> items) : ScriptValue
    {
        public List<ScriptValue> Items { get; } = [.. items];
    }

    /// <summary>A tuple, perhaps with named elements.</summary>
    public sealed class Tuple(IReadOnlyList<ScriptValue> items, IReadOnlyList<string>? names = null) : ScriptValue
    {
        public IReadOnlyList<ScriptValue> Items { get; } = items;

        public IReadOnlyList<string>? Names { get; } = names;
    }

    /// <summary>A dictionary in the order of insertion.</summary>
    public sealed class Dict : ScriptValue
    {
        public List<KeyValuePair<ScriptValue, ScriptValue>> Items { get; } = [];
    }

    /// <summary>A module or another object. Attributes are found by name in source code and by number in bytecode.</summary>
    public sealed class Object(string type, string path) : ScriptValue
    {
        /// <summary>Qualified name of its class.</summary>
        public string Type { get; } = type;

        /// <summary>Where it is in the model.</summary>
        public string Path { get; } = path;

        public Dictionary<string, ScriptValue> Attributes { get; } = new(StringComparer.Ordinal);

        public List<ScriptValue?> Slots { get; } = [];

        public List<string> SlotNames { get; } = [];

        /// <summary>What the file stores for an object of a registered class.</summary>
        public ScriptValue? State { get; init; }

        public void Set(string name, ScriptValue value)
        {
            Attributes[name] = value;
            int slot = SlotNames.IndexOf(name);
            if (slot >= 0)
                Slots[slot] = value;
            else
            {
                SlotNames.Add(name);
                Slots.Add(value);
            }
        }

        public void Set(int slot, ScriptValue value)
        {
            while (Slots.Count <= slot)
            {
                SlotNames.Add($"#{Slots.Count}");
                Slots.Add(null);
            }
            Set(SlotNames[slot], value);
        }
    }

    /// <summary>A function or class of the source code.</summary>
    public sealed class Callable(string qualifiedName) : ScriptValue
    {
        public string QualifiedName { get; } = qualifiedName;
    }

    /// <summary>A variable without a value.</summary>
    public sealed class Uninitialized : ScriptValue;

    /// <summary>An input whose shape is not known.</summary>
    public sealed class UnknownInput(int index, string name) : ScriptValue
    {
        public int Index { get; } = index;

        public string Name { get; } = name;
    }
}
