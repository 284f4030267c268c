using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>The tensor constructors of torch/_utils.py, as data.</summary>
internal static class TorchRebuild
{
    /// <summary>(storage, offset, size, stride, …)</summary>
    public static PickleTensor Tensor(TorchArguments a, bool requiresGrad)
    {
        var storage = a.Storage(0);
        return Make(a, storage, storage.Type ?? ScalarType.Byte, requiresGrad, null);
    }

    /// <summary>(storage, offset, size, stride, requires_grad, hooks, dtype, metadata)</summary>
    public static PickleTensor TensorOfType(TorchArguments a)
    {
        var type = a.Value(6) is PickleGlobal global ? TorchTypes.Type(global) : null;
        return Make(a, a.Storage(0), type ?? throw a.Wrong(), a.Flag(4), null);
    }

    /// <summary>(storage, offset, size, stride, quantizer, requires_grad, hooks)</summary>
    public static PickleTensor Quantized(TorchArguments a)
    {
        var storage = a.Storage(0);
        return Make(a, storage, storage.Type ?? throw a.Wrong(), a.Flag(5), Quantizer(a, a.Sequence(4)));
    }

    private static PickleTensor Make(TorchArguments a, PickleStorage storage, ScalarType type, bool requiresGrad, TensorQuantizer? quantizer)
    {
        if (type is ScalarType.QUInt4x2 or ScalarType.QUInt2x4 or ScalarType.Bits1x8 or ScalarType.Bits2x4 or ScalarType.Bits4x2)
            throw new ModelFormatException(a.Place, "elements of whole bytes", $"{type.Name()}, which packs several into a byte");
        long offset = a.Int(1);
        if (storage.Offset > 0 && offset > long.MaxValue - storage.Offset)
            throw a.Wrong();
        var tensor = StoredTensor.Create(a.Place, type, a.Ints(2), a.Ints(3), offset + storage.Offset, storage.Storage);
        return new PickleTensor(requiresGrad || quantizer is not null ? tensor.With(requiresGrad, quantizer) : tensor);
    }

    private static TensorQuantizer Quantizer(TorchArguments a, IReadOnlyList<PickleValue> q)
    {
        if (q.Count < 3 || q[0] is not PickleGlobal scheme)
            throw a.Wrong();
        switch (scheme.Name)
        {
            case "per_tensor_affine" or "per_tensor_symmetric":
                return new TensorQuantizer(null, [q[1].AsDouble ?? throw a.Wrong()], [q[2].AsDouble ?? throw a.Wrong()]);
            case "per_channel_affine" or "per_channel_affine_float_qparams" or "per_channel_symmetric":
                var scales = Numbers(a, q[1]);
                var zeroPoints = Numbers(a, q[2]);
                long axis = q.Count > 3 ? q[3].AsInt ?? throw a.Wrong() : throw a.Wrong();
                long[] shape = a.Ints(2);
                if (axis < 0 || axis >= shape.Length || scales.Length != shape[axis] || zeroPoints.Length != scales.Length)
                    throw new ModelFormatException(a.Place, "a scale and a zero point for each index of the axis", $"{scales.Length} scales, axis {axis} of [{string.Join(", ", shape)}]");
                return new TensorQuantizer((int)axis, scales, zeroPoints);
            default:
                throw new ModelFormatException(a.Place, "an affine quantizer", scheme.FullName);
        }
    }

    private static double[] Numbers(TorchArguments a, PickleValue value)
    {
        if (value is not PickleTensor { Tensor: var tensor })
            return [.. (value.AsSequence ?? throw a.Wrong()).Select(v => v.AsDouble ?? throw a.Wrong())];
        var bytes = tensor.Bytes().Span;
        return tensor.Type switch
        {
            ScalarType.Double => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
            ScalarType.Float => [.. MemoryMarshal.Cast<byte, float>(bytes).ToArray().Select(f => (double)f)],
            ScalarType.Long => [.. MemoryMarshal.Cast<byte, long>(bytes).ToArray().Select(f => (double)f)],
            ScalarType.Int => [.. MemoryMarshal.Cast<byte, int>(bytes).ToArray().Select(f => (double)f)],
            _ => throw a.Wrong(),
        };
    }
}
