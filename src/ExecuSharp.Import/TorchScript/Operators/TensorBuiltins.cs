using ExecuSharp.Core;
using ExecuSharp.Import.TorchScript.Values;
using ExecuSharp.Operators.Ir;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Properties of tensors, tensors made of numbers, and conversions.</summary>
internal static class TensorBuiltins
{
    public static ScriptValue[]? TryCall(OperatorCaller caller, string name, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords)
    {
        var context = caller.Context;
        if (name is "aten::NumToTensor" or "aten::tensor" or "aten::as_tensor" or "aten::scalar_tensor")
            return args is [ScriptValue.Tensor same, ..] ? [same] : [Make(context, name, args, keywords)];
        if (args.Count == 0 || args[0] is not ScriptValue.Tensor tensor)
            return null;
        switch (name)
        {
            case "aten::size" or "aten::shape" or "aten::sym_size" when args.Count == 1:
                return [new ScriptValue.List(Enumerable.Range(0, context.Spec(tensor).Rank).Select(d => context.Size(tensor, d)).ToArray())];
            case "aten::size" or "aten::sym_size" when args.Count == 2 && args[1].IsInt():
                return [context.Size(tensor, args[1].Int())];
            case "aten::dim" or "aten::ndim":
                return [context.Spec(tensor).Rank];
            case "aten::len":
                return [context.Size(tensor, 0)];
            case "aten::numel" or "aten::sym_numel":
                return [Enumerable.Range(0, context.Spec(tensor).Rank).Select(d => context.Size(tensor, d)).Aggregate((ScriptValue)1L, (a, b) => caller.One("aten::mul", a, b))];
            case "aten::dtype":
                return [(long)Type(context, tensor)];
            case "aten::device":
                return ["cpu"];
            case "aten::layout":
                return [0L];
            case "aten::is_floating_point":
                return [context.Spec(tensor).Type.IsFloating()];
            case "aten::is_complex":
                return [context.Spec(tensor).Type.IsComplex()];
            case "aten::is_quantized":
                return [tensor.Quantization is not null];
            case "aten::is_contiguous":
                return [true];
            case "aten::get_device":
                return [-1L];
            case "aten::storage_offset":
                return [0L];
            case "aten::element_size":
                return [context.Spec(tensor).Type.SizeOf()];
            case "aten::stride" when args.Count == 1:
                return [Strides(caller, tensor)];
            case "aten::to" or "aten::cpu" or "aten::cuda":
                return [To(caller, tensor, args, keywords)];
            case "aten::__getitem__" when args.Count == 2 && args[1].IsInt():
                return [caller.One("aten::select", tensor, 0L, args[1])];
            case "aten::_add_relu" or "aten::_add_relu_" when args.Count > 1:
                var sum = caller.One("aten::relu", caller.Call("aten::add", null, args, keywords)[0]);
                if (name == "aten::_add_relu")
                    return [sum];
                context.Functional.Write(tensor.Handle, context.Read((ScriptValue.Tensor)sum));
                return [tensor];
            case "aten::list" when context.Spec(tensor).IsStatic:
                return [caller.One("aten::unbind", tensor, 0L)];
            default:
                return null;
        }
    }

    private static ScalarType Type(ScriptContext context, ScriptValue.Tensor tensor) => tensor.Quantization?.Type switch
    {
        ScalarType.Byte => ScalarType.QUInt8,
        ScalarType.Char => ScalarType.QInt8,
        ScalarType.Int => ScalarType.QInt32,
        _ => context.Spec(tensor).Type,
    };

    private static ScriptValue.List Strides(OperatorCaller caller, ScriptValue.Tensor tensor)
    {
        var strides = new List<ScriptValue>();
        ScriptValue stride = 1L;
        for (int d = caller.Context.Spec(tensor).Rank - 1; d >= 0; d--)
        {
            strides.Insert(0, stride);
            stride = caller.One("aten::mul", stride, caller.Context.Size(tensor, d));
        }
        return new ScriptValue.List(strides);
    }

    /// <summary>Every overload of <c>to</c>: (dtype, …), (device, dtype, …), (other, …); only the element type counts.</summary>
    private static ScriptValue To(OperatorCaller caller, ScriptValue.Tensor tensor, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords)
    {
        ScriptValue? dtype = keywords.FirstOrDefault(k => k.Key == "dtype").Value;
        var other = args.Skip(1).FirstOrDefault() as ScriptValue.Tensor ?? keywords.FirstOrDefault(k => k.Key == "other").Value as ScriptValue.Tensor;
        if (other is not null)
            dtype = (long)Type(caller.Context, other);
        else
            dtype ??= args.Skip(1).Take(2).FirstOrDefault(a => a.IsInt());
        bool copy = keywords.FirstOrDefault(k => k.Key == "copy").Value is ScriptValue.Literal { Value: { IsBool: true } c } && c.AsBool();
        if (dtype is null || dtype.IsNone || (ScalarType)dtype.Int() == caller.Context.Spec(tensor).Type)
            return copy ? caller.One("aten::clone", tensor) : tensor;
        return ScriptContext.Own(((IGraphBuilder)caller.Context.Builder).Call("aten::_to_copy", caller.Context.Read(tensor), (ScalarType)dtype.Int()));
    }

    private static ScriptValue.Tensor Make(ScriptContext context, string name, IReadOnlyList<ScriptValue> args, IReadOnlyList<KeyValuePair<string, ScriptValue>> keywords)
    {
        var dtype = keywords.FirstOrDefault(k => k.Key == "dtype").Value ?? (name == "aten::NumToTensor" ? null : args.Skip(1).FirstOrDefault());
        ScalarType? type = dtype is null || dtype.IsNone ? null : (ScalarType)dtype.Int();
        var numbers = new List<Argument>();
        var sizes = new List<int>();
        Flatten(context, args[0], 0, sizes, numbers);
        if (numbers.Any(n => !n.IsNumber))
            return numbers.Count == 1 && sizes.Count == 0
                ? new ScriptValue.Tensor(ExecuSharp.Import.Functional.Functionalizer.Own(((IGraphBuilder)context.Builder).Call("aten::scalar_tensor", numbers[0], type ?? RunTimeType(numbers[0])))) { Number = numbers[0] }
                : throw new InvalidOperationException("a tensor of several numbers known only at run time");
        type ??= numbers.Any(n => n.IsDouble) || numbers.Count == 0 ? ScalarType.Float : numbers.All(n => n.IsBool) ? ScalarType.Bool : ScalarType.Long;
        var tensor = Tensor.Empty(type.Value.IsFloating() ? ScalarType.Double : ScalarType.Long, sizes.ToArray());
        for (int i = 0; i < numbers.Count; i++)
        {
            if (tensor.Type == ScalarType.Double)
                tensor.Span<double>()[i] = ScriptValues.Number(numbers[i]);
            else
                tensor.Span<long>()[i] = numbers[i].IsDouble ? (long)numbers[i].AsDouble() : (long)ScriptValues.Number(numbers[i]);
        }
        var value = context.Builder.Constant(tensor, context.Builder.Name);
        if (tensor.Type != type)
            value = ((IGraphBuilder)context.Builder).Call("aten::_to_copy", value, type.Value);
        return new ScriptValue.Tensor(ExecuSharp.Import.Functional.Functionalizer.Own(value)) { Number = numbers.Count == 1 && sizes.Count == 0 ? numbers[0] : null };
    }

    private static ScalarType RunTimeType(Argument number) => number.AsValue().Kind switch
    {
        ValueKind.Double => ScalarType.Float,
        ValueKind.Bool => ScalarType.Bool,
        _ => ScalarType.Long,
    };

    private static void Flatten(ScriptContext context, ScriptValue value, int depth, List<int> sizes, List<Argument> numbers)
    {
        if (value.TryElements() is { } items)
        {
            if (sizes.Count == depth)
                sizes.Add(items.Count);
            else if (sizes[depth] != items.Count)
                throw new InvalidOperationException("a tensor of lists of different lengths");
            foreach (var item in items)
                Flatten(context, item, depth + 1, sizes, numbers);
        }
        else if (value is ScriptValue.Tensor tensor)
            numbers.Add(context.Item(tensor));
        else if (value.IsNumber())
            numbers.Add(((ScriptValue.Literal)value).Value);
        else
            throw new InvalidOperationException($"a tensor of a {value.Kind()}");
    }
}
