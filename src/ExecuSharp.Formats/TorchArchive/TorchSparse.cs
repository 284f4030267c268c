using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>Sparse tensors in coordinate form, made dense. Other sparse layouts are refused.</summary>
internal static class TorchSparse
{
    private const long MaxDenseBytes = 256L << 20;

    /// <summary>(layout, (indices [dims, n], values [n, …], size, is_coalesced))</summary>
    public static PickleTensor Rebuild(TorchArguments a)
    {
        if (a.Value(0).AsString != "torch.sparse_coo")
            throw new ModelFormatException(a.Place, "a dense tensor or layout torch.sparse_coo", $"{a.Value(0)}");
        if (a.Sequence(1) is not [PickleTensor { Tensor: var indices }, PickleTensor { Tensor: var values }, var size, ..]
            || indices.Type != ScalarType.Long || indices.Shape.Length != 2 || values.Shape.Length == 0 || values.Shape[0] != indices.Shape[1])
            throw a.Wrong();
        var shape = (size.AsSequence ?? throw a.Wrong()).Select(v => v.AsInt ?? throw a.Wrong()).ToArray();
        int dims = (int)indices.Shape[0];
        if (dims > shape.Length || !shape.AsSpan(dims).SequenceEqual(values.Shape[1..]))
            throw a.Wrong();
        long bytes = values.Type.SizeOf();
        foreach (long s in shape)
        {
            if (s < 0 || (s > 0 && bytes > MaxDenseBytes / s))
                throw new ModelFormatException(a.Place, $"at most {MaxDenseBytes} bytes when dense", $"[{string.Join(", ", shape)}]");
            bytes *= s;
        }
        var dense = Fill(a, shape, dims, indices, values, new byte[bytes]);
        var storage = new TensorStorage("a sparse tensor", bytes, () => dense);
        return new PickleTensor(StoredTensor.Create(a.Place, values.Type, shape, 0, storage));
    }

    private static byte[] Fill(TorchArguments a, long[] shape, int dims, StoredTensor indices, StoredTensor values, byte[] dense)
    {
        var index = MemoryMarshal.Cast<byte, long>(indices.Bytes().Span);
        var data = values.Bytes().Span;
        int count = (int)values.Shape[0];
        int slice = count == 0 ? 0 : data.Length / count;
        var seen = new HashSet<long>();
        for (int i = 0; i < count && slice > 0; i++)
        {
            long at = 0;
            for (int d = 0; d < dims; d++)
            {
                long k = index[d * count + i];
                if (k < 0 || k >= shape[d])
                    throw new ModelFormatException(a.Place, $"indices below {shape[d]}", $"{k}");
                at = at * shape[d] + k;
            }
            var target = dense.AsSpan((int)(at * slice), slice);
            if (seen.Add(at))
                data.Slice(i * slice, slice).CopyTo(target);
            else
                Add(a, values.Type, data.Slice(i * slice, slice), target);
        }
        return dense;
    }

    private static void Add(TorchArguments a, ScalarType type, ReadOnlySpan<byte> source, Span<byte> target)
    {
        switch (type)
        {
            case ScalarType.Float: Add<float>(source, target); break;
            case ScalarType.Double: Add<double>(source, target); break;
            case ScalarType.Long: Add<long>(source, target); break;
            case ScalarType.Int: Add<int>(source, target); break;
            default: throw new ModelFormatException(a.Place, "each index once", $"an index twice in a sparse tensor of {type.Name()}");
        }
    }

    private static void Add<T>(ReadOnlySpan<byte> source, Span<byte> target) where T : unmanaged, System.Numerics.INumber<T>
    {
        var from = MemoryMarshal.Cast<byte, T>(source);
        var to = MemoryMarshal.Cast<byte, T>(target);
        for (int i = 0; i < from.Length; i++)
            to[i] = unchecked(to[i] + from[i]);
    }
}
