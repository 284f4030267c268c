using ExecuSharp.Core;
using ExecuSharp.Formats.Numpy;
using ExecuSharp.Formats.SafeTensors;

namespace ExecuSharp.Tensors;

/// <summary>Tensors in <c>.safetensors</c>, <c>.npz</c> or <c>.npy</c> files, by the file's extension.</summary>
public static class TensorFiles
{
    /// <summary>Reads all tensors of a file, in its order. A <c>.npy</c> file has one, named <c>0</c>.</summary>
    /// <exception cref="ModelFormatException">The file is missing, broken or of another kind.</exception>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Read(string path)
    {
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".safetensors":
                using (var file = SafeTensorsFile.Open(path))
                    return [.. file.Names.Select(n => KeyValuePair.Create(n, file.GetTensor(n).Clone()))];
            case ".npz":
                using (var file = NpzFile.Open(path))
                    return [.. file.Names.Select(n => KeyValuePair.Create(n, file[n].ToTensor().Clone()))];
            case ".npy":
                return [KeyValuePair.Create("0", NpyFile.Read(path))];
            default:
                throw new ModelFormatException("the name", ".safetensors, .npz or .npy", Path.GetExtension(path), path);
        }
    }

    /// <summary>Writes tensors; they are brought to contiguous order first.</summary>
    /// <exception cref="ModelFormatException">Another extension, or several tensors for a <c>.npy</c>.</exception>
    public static void Write(string path, IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        var dense = tensors.Select(t => KeyValuePair.Create(t.Key, Contiguous(t.Value))).ToList();
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".safetensors": SafeTensorsWriter.Write(path, dense); break;
            case ".npz": NpzFile.Write(path, dense); break;
            case ".npy" when dense.Count == 1: NpyFile.Write(path, dense[0].Value); break;
            case ".npy": throw new ModelFormatException("the name", ".safetensors or .npz for several tensors", ".npy", path);
            default: throw new ModelFormatException("the name", ".safetensors, .npz or .npy", Path.GetExtension(path), path);
        }
    }

    /// <summary>The tensors for a method: <c>in.0</c>, <c>in.1</c>, … or <c>0</c>, <c>1</c>, … by name, else in the file's order.</summary>
    public static Tensor?[] ForInputs(IReadOnlyList<KeyValuePair<string, Tensor>> tensors, int count)
    {
        var result = new Tensor?[count];
        var byName = tensors.ToDictionary(t => t.Key, t => t.Value);
        for (int i = 0; i < count; i++)
            result[i] = byName.GetValueOrDefault($"in.{i}") ?? byName.GetValueOrDefault($"{i}");
        if (Array.TrueForAll(result, t => t is null))
            for (int i = 0; i < Math.Min(count, tensors.Count); i++)
                result[i] = tensors[i].Value;
        return result;
    }

    /// <summary>The tensor in contiguous order; itself if it is so already.</summary>
    public static Tensor Contiguous(Tensor source)
    {
        if (source.IsContiguousOrder)
            return source;
        var result = Tensor.Empty(source.Type, source.Sizes);
        int size = source.Type.SizeOf();
        var order = new Verification.LogicalOrder(source.Sizes, source.Strides, result.Strides);
        for (long i = 0; i < source.Numel; i++, order.Next())
            source.Bytes.Slice(order.First * size, size).CopyTo(result.Bytes[(order.Second * size)..]);
        return result;
    }

    /// <summary>The values of a contiguous tensor in another dim order.</summary>
    public static Tensor InOrder(Tensor source, ReadOnlySpan<byte> dimOrder)
    {
        if (source.DimOrder.SequenceEqual(dimOrder))
            return source;
        var result = Tensor.Empty(source.Type, source.Sizes, dimOrder.ToArray());
        int size = source.Type.SizeOf();
        var order = new Verification.LogicalOrder(source.Sizes, source.Strides, result.Strides);
        for (long i = 0; i < source.Numel; i++, order.Next())
            source.Bytes.Slice(order.First * size, size).CopyTo(result.Bytes[(order.Second * size)..]);
        return result;
    }
}
