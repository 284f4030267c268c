using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using ExecuSharp.Operators.Table;

namespace ExecuSharp.Import.Onnx;

/// <summary>Computes an operator whose tensor arguments are all known, with the runtime's kernel.</summary>
internal sealed class ConstantEvaluator
{
    private readonly KernelContext context = KernelContext.SingleThreaded();

    /// <summary>The outputs, or null if the operator has no kernel or an argument is not known.</summary>
    public Tensor[]? TryRun(OperatorDefinition op, IReadOnlyList<Argument> args, IReadOnlyList<TensorSpec> specs, Func<Value, Tensor?> constantOf)
    {
        if (op.Kernel is null || op.IsBuiltin || !op.IsPure || op.OutName is null)
            return null;
        var slots = new List<EValue>();
        foreach (int index in op.Schema.KernelArguments)
        {
            if (Slot(args[index], op.Schema.Arguments[index].Type, constantOf) is not { } slot)
                return null;
            slots.Add(slot);
        }
        var outputs = specs.Select(Allocate).ToArray();
        AddOutputs(op, outputs, slots);
        op.Kernel(new KernelArgs(context, slots.ToArray()));
        return Array.ConvertAll(outputs, Settle);
    }

    /// <summary>What a call gives.</summary>
    /// <exception cref="InvalidOperationException">The operator does not take these arguments; the message shows the call.</exception>
    public static TensorSpec[] Specs(OperatorDefinition op, Argument[] args)
    {
        try
        {
            return op.Shape!(args);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException or DivideByZeroException or ExecuTorchException)
        {
            throw new InvalidOperationException($"{op.Name}({string.Join(", ", (object[])args)}): {e.Message}", e);
        }
    }

    private static Tensor Allocate(TensorSpec spec) => spec.IsStatic
        ? Tensor.Empty(spec.Type, spec.MaxSizes, spec.DimOrder)
        : new Tensor(spec.Type, spec.MaxSizes, new byte[spec.MaxBytes], spec.DimOrder, ShapeDynamism.DynamicBound);

    private static Tensor Settle(Tensor t) => t.Dynamism == ShapeDynamism.Static ? t : new Tensor(t.Type, t.Sizes, t.Storage[..(int)t.ByteLength], t.DimOrder.ToArray());

    private static void AddOutputs(OperatorDefinition op, Tensor[] outputs, List<EValue> slots)
    {
        int next = 0;
        foreach (string type in op.Schema.Returns)
        {
            if (type.EndsWith("[]", StringComparison.Ordinal))
                slots.Add(EValue.Tensors(Array.ConvertAll(outputs[next..], EValue.Of)));
            else
                slots.Add(EValue.Of(outputs[next++]));
        }
    }

    private static EValue? Slot(Argument argument, ArgumentType type, Func<Value, Tensor?> constantOf)
    {
        if (argument.IsNone)
            return EValue.None();
        if (argument.IsValue)
            return constantOf(argument.AsValue()) is { } tensor ? EValue.Of(tensor) : null;
        switch (type)
        {
            case ArgumentType.TensorList or ArgumentType.OptionalTensorList:
                var items = new EValue?[argument.AsList().Count];
                for (int i = 0; i < items.Length; i++)
                    if (!argument.AsList()[i].IsNone && (items[i] = Slot(argument.AsList()[i], ArgumentType.Tensor, constantOf)) is null)
                        return null;
                return type == ArgumentType.TensorList ? EValue.Tensors(items!) : EValue.OptionalTensors(items);
            case ArgumentType.IntList:
                return argument.Values().Any() ? null : EValue.Of(argument.AsInts());
            case ArgumentType.DoubleList:
                return EValue.Of(argument.AsList().Select(a => a.AsDouble()).ToArray());
            case ArgumentType.BoolList:
                return EValue.Of(argument.AsList().Select(a => a.AsBool()).ToArray());
            case ArgumentType.Double:
                return EValue.Of(argument.AsDouble());
            case ArgumentType.Bool:
                return EValue.Of(argument.AsBool());
            case ArgumentType.Scalar:
                return EValue.Of(argument.AsScalar());
            case ArgumentType.String:
                return EValue.Of(argument.AsString());
            default:
                return EValue.Of(argument.AsInt());
        }
    }
}
