using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Graphs.ControlFlow;

/// <summary>Calls the kernel of one node.</summary>
public static class NodeExecutor
{
    /// <summary>Calls the kernel of a node with new memory for its results.</summary>
    /// <exception cref="ExecuTorchException">The kernel refuses its arguments.</exception>
    public static EValue[] Execute(Node node, Dictionary<Value, EValue> values, KernelContext context)
    {
        var op = node.Operator;
        if (op.Kernel is null)
            throw new ExecuTorchException(ErrorCode.OperatorMissing, $"{op.Name} has no kernel");
        var slots = new List<EValue>();
        foreach (int i in op.Schema.KernelArguments)
            slots.Add(Slot(node.Args[i], op.Schema.Arguments[i].Type, values));
        var results = node.Outputs.Select(NewResult).ToArray();
        if (IsTensorList(op.Schema))
            slots.Add(EValue.Tensors(results));
        else
            slots.AddRange(results);
        op.Kernel(new KernelArgs(context, slots.ToArray()));
        return results;
    }

    /// <summary>A literal as a slot.</summary>
    public static EValue Literal(Argument argument) => argument.Payload switch
    {
        null => EValue.None(),
        long i => EValue.Of(i),
        double d => EValue.Of(d),
        bool b => EValue.Of(b),
        string s => EValue.Of(s),
        ScalarType t => EValue.Of((long)t),
        _ => throw new InvalidOperationException($"{argument} is no literal"),
    };

    /// <summary>A value or literal as a slot.</summary>
    public static EValue Resolve(Argument argument, Dictionary<Value, EValue> values) =>
        argument.IsValue ? Find(argument.AsValue(), values) : Literal(argument);

    private static EValue Slot(Argument argument, ArgumentType type, Dictionary<Value, EValue> values)
    {
        if (argument.IsNone)
            return EValue.None();
        if (argument.IsValue)
            return Find(argument.AsValue(), values);
        return type switch
        {
            ArgumentType.Double => EValue.Of(argument.AsDouble()),
            ArgumentType.Bool => EValue.Of(argument.AsBool()),
            ArgumentType.Int or ArgumentType.ScalarType or ArgumentType.Layout or ArgumentType.MemoryFormat => EValue.Of(argument.AsInt()),
            ArgumentType.IntList => EValue.BoxedInts([.. argument.AsList().Select(a => a.IsValue ? Find(a.AsValue(), values) : EValue.Of(a.AsInt()))]),
            ArgumentType.DoubleList => EValue.Of(argument.AsList().Select(a => a.AsDouble()).ToArray()),
            ArgumentType.BoolList => EValue.Of(argument.AsList().Select(a => a.AsBool()).ToArray()),
            ArgumentType.TensorList => EValue.Tensors([.. argument.AsList().Select(a => Find(a.AsValue(), values))]),
            ArgumentType.OptionalTensorList => EValue.OptionalTensors([.. argument.AsList().Select(a => a.IsNone ? null : Find(a.AsValue(), values))]),
            _ => Literal(argument),
        };
    }

    private static EValue Find(Value value, Dictionary<Value, EValue> values) =>
        values.TryGetValue(value, out var slot) ? slot : throw new InvalidOperationException($"{value.Name} is used before it is made");

    private static EValue NewResult(Value value)
    {
        if (value.Kind != ValueKind.Tensor)
            return EValue.None();
        var spec = value.Spec;
        return EValue.Of(new Tensor(spec.Type, spec.MaxSizes, new byte[spec.MaxBytes], [.. spec.DimOrder],
            spec.IsStatic ? ShapeDynamism.Static : ShapeDynamism.DynamicBound));
    }

    private static bool IsTensorList(OperatorSchema schema) => schema.Returns is ["Tensor[]"];
}
