using ExecuSharp.Import.TorchScript.Values;

namespace ExecuSharp.Import.TorchScript.Operators;

/// <summary>Casts, identity, exceptions, and switches of the interpreter.</summary>
internal static class ControlBuiltins
{
    public static ScriptValue[]? TryCall(OperatorCaller caller, string name, IReadOnlyList<ScriptValue> args)
    {
        switch (name)
        {
            case "aten::unchecked_cast" or "aten::_unwrap_optional" or "aten::unchecked_unwrap_optional" or "aten::data":
                return [args[0]];
            case "aten::TupleUnpack" or "aten::ListUnpack":
                return [.. args[0].Elements()];
            case "aten::TupleConstruct":
                return [new ScriptValue.Tuple([.. args])];
            case "aten::ListConstruct":
                return [new ScriptValue.List(args)];
            case "aten::TupleIndex":
                return [args[0].Elements()[(int)args[1].Int()]];
            case "aten::RaiseException":
                throw new ScriptRaisedException(args.Count > 0 ? ScriptValues.Write(args[0]) : "an exception");
            case "aten::__is__" when Same(args[0], args[1]) is { } same:
                return [same];
            case "aten::__isnot__" when Same(args[0], args[1]) is { } same:
                return [!same];
            case "aten::warn" or "aten::Print" or "aten::__assert":
                return [];
            // parameters take part in gradients, as when the file is loaded: modules then keep off their fused fast paths
            case "aten::is_grad_enabled":
                return [true];
            case "aten::requires_grad" when args[0] is ScriptValue.Tensor tensor:
                return [tensor.IsWeight];
            case "aten::is_autocast_enabled" or "aten::is_autocast_cpu_enabled" or "aten::is_scripting_unused" or "aten::is_nested" or "aten::is_cuda" or "aten::is_mkldnn"
                or "aten::is_sparse" or "aten::is_xla" or "aten::is_mps" or "aten::is_meta":
                return [false];
            case "aten::is_scripting":
                return [true];
            case "aten::type" when args is [ScriptValue.Literal { Value.IsString: true } device]:
                return [device];
            case "aten::device" when args is [ScriptValue.Literal { Value.IsString: true } device]:
                return [device];
            case "aten::Uninitialized":
                return [new ScriptValue.Uninitialized()];
            default:
                return null;
        }
    }

    private static bool? Same(ScriptValue a, ScriptValue b)
    {
        if (a.IsNone || b.IsNone)
            return a.IsNone && b.IsNone;
        if (a is ScriptValue.Tensor x && b is ScriptValue.Tensor y)
            return ReferenceEquals(x.Handle, y.Handle);
        return a is ScriptValue.Literal && b is ScriptValue.Literal ? ScriptValues.AreEqual(a, b) : ReferenceEquals(a, b);
    }
}
