using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>The closed list of constructors in PyTorch's files: tensors, parameters, storages, and NumPy's values in configurations.</summary>
/// <param name="storages">Gives a storage by key, element size and number of elements.</param>
/// <param name="options">How strict to be about unknown classes.</param>
internal sealed class TorchResolver(ITorchStorages storages, TorchLoadOptions options) : PickleResolver
{
    public override void CheckGlobal(PickleGlobal global, string place)
    {
        if (PickleBuiltins.Knows(global) || TorchGlobals.Knows(global) || NumpyGlobals.Knows(global))
            return;
        if (TorchGlobals.ReasonToRefuse(global) is { } reason)
            throw new ModelFormatException(place, "a tensor that can be read", $"'{global.FullName}': {reason}");
        if (options.Strict || TorchGlobals.IsDangerous(global))
            throw Forbidden(global, place);
    }

    public override PickleValue Reduce(PickleGlobal callable, PickleTuple arguments, string place)
    {
        var a = new TorchArguments(callable, arguments.Items, place);
        return callable.FullName switch
        {
            "torch._utils._rebuild_tensor_v2" => TorchRebuild.Tensor(a, a.Flag(4)),
            "torch._utils._rebuild_tensor" => TorchRebuild.Tensor(a, false),
            "torch._utils._rebuild_tensor_v3" => TorchRebuild.TensorOfType(a),
            "torch._utils._rebuild_qtensor" => TorchRebuild.Quantized(a),
            "torch._utils._rebuild_parameter" or "torch._utils._rebuild_parameter_with_state" =>
                new PickleTensor(a.Tensor(0).Tensor.With(a.Flag(1), a.Tensor(0).Tensor.Quantizer), isParameter: true),
            "torch.nn.parameter.Parameter" or "torch.nn.parameter.Buffer" when a.Count > 0 =>
                new PickleTensor(a.Tensor(0).Tensor, isParameter: callable.Name == "Parameter"),
            "torch._utils._rebuild_device_tensor_from_numpy" or "torch._utils._rebuild_device_tensor_from_cpu_tensor" =>
                new PickleTensor(a.Tensor(0).Tensor.With(a.Flag(3), null)),
            "torch._utils._rebuild_sparse_tensor" => TorchSparse.Rebuild(a),
            "torch._tensor._rebuild_from_type_v2" => FromType(a, place),
            "torch.serialization._get_layout" => a.Value(0),
            "torch.Size" => new PickleTuple(a.Count == 0 ? [] : a.Sequence(0)),
            "torch.device" or "torch.dtype" or "torch.jit._pickle.build_tensor_from_id" => new PickleObject(callable, arguments),
            "torch.jit._pickle.restore_type_tag" => a.Value(0),
            "torch.jit._pickle.build_intlist" or "torch.jit._pickle.build_doublelist" or "torch.jit._pickle.build_boollist"
                or "torch.jit._pickle.build_tensorlist" => new PickleList(a.Sequence(0)),
            _ when TorchGlobals.IsTorchScript(callable) => new PickleObject(callable, arguments),
            _ => NumpyGlobals.Reduce(callable, arguments.Items, place) ?? base.Reduce(callable, arguments, place),
        };
    }

    // TorchScript writes a member of an enumeration as its class and its value
    public override PickleValue ReduceValue(PickleGlobal callable, PickleValue argument, string place) =>
        TorchGlobals.IsTorchScript(callable) ? new PickleObject(callable, new PickleTuple([argument])) : base.ReduceValue(callable, argument, place);

    public override PickleValue NewObject(PickleGlobal type, PickleTuple arguments, PickleDict? keywords, string place)
    {
        if (TorchTypes.TryStorage(type, out _))
            throw Forbidden(type, place);
        return keywords is null && NumpyGlobals.Reduce(type, arguments.Items, place) is { } made
            ? made
            : base.NewObject(type, arguments, keywords, place);
    }

    public override PickleValue Build(PickleValue value, PickleValue state, string place) =>
        NumpyGlobals.Build(value, state, place) ?? base.Build(value, state, place);

    public override PickleValue PersistentLoad(PickleValue id, string place)
    {
        var parts = id.AsSequence;
        switch (parts)
        {
            case [PickleString { Value: "module" }, PickleGlobal module, ..]:
                return module;
            case [PickleString { Value: "storage" }, PickleGlobal global, var key, PickleString, PickleInt { Value: >= 0 } count, ..]:
                if (!TorchTypes.TryStorage(global, out var type))
                    throw new ModelFormatException(place, "a storage class", global.FullName);
                string name = key.AsString ?? key.AsInt?.ToString() ?? throw new ModelFormatException(place, "a storage key", key.ToString());
                var storage = storages.Get(name, type?.SizeOf() ?? 1, count.Value, isUntyped: type is null, place);
                return parts.Count > 5 && parts[5].AsSequence is [_, PickleInt { Value: >= 0 } offset, ..]
                    ? new PickleStorage(storage, type, offset.Value)
                    : new PickleStorage(storage, type);
            default:
                throw new ModelFormatException(place, "a persistent id ('storage', type, key, location, count)", id.ToString());
        }
    }

    private PickleValue FromType(TorchArguments a, string place)
    {
        var value = a.Value(0) is PickleGlobal function && a.Value(2) is PickleTuple arguments
            ? Reduce(function, arguments, place)
            : throw a.Wrong();
        return value is PickleTensor tensor ? new PickleTensor(tensor.Tensor, tensor.IsParameter) { State = a.Value(3) } : value;
    }
}
