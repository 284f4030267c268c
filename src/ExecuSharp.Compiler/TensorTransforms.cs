using ExecuSharp.Core;
using ExecuSharp.Formats.Io;

namespace ExecuSharp.Compiler;

/// <summary>Rearrangements of constants at compile time. All inputs are in contiguous order.</summary>
internal static class TensorTransforms
{
    /// <summary>A copy with dimensions in another order.</summary>
    public static Tensor Permute(Tensor source, params int[] order)
    {
        var sizes = new int[order.Length];
        var strides = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            sizes[i] = source.Sizes[order[i]];
            strides[i] = source.Strides[order[i]];
        }
        var result = Tensor.Empty(source.Type, sizes);
        int element = source.Type.SizeOf();
        var from = source.Bytes;
        var to = result.Bytes;
        var index = new int[order.Length];
        int at = 0;
        for (long n = 0; n < result.Numel; n++)
        {
            from.Slice(at * element, element).CopyTo(to[((int)n * element)..]);
            for (int d = order.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < sizes[d])
                    break;
                at -= strides[d] * sizes[d];
                index[d] = 0;
            }
        }
        MappedPages.Release(source.Storage);
        return result;
    }

    /// <summary>The same bytes with other sizes.</summary>
    public static Tensor Reshape(Tensor source, params int[] sizes) => source.ViewAs(sizes);

    /// <summary>A float tensor in another floating type; the tensor itself if it has that type.</summary>
    public static Tensor Convert(Tensor source, ScalarType type)
    {
        if (source.Type == type)
            return source;
        var result = Tensor.Empty(type, source.Sizes);
        for (int i = 0; i < source.Numel; i++)
        {
            float value = ToFloat(source, i);
            switch (type)
            {
                case ScalarType.Float: result.Span<float>()[i] = value; break;
                case ScalarType.Half: result.Span<Half>()[i] = (Half)value; break;
                case ScalarType.BFloat16: result.Span<BFloat16>()[i] = (BFloat16)value; break;
                case ScalarType.Double: result.Span<double>()[i] = value; break;
                default: throw new InvalidOperationException($"no conversion of a constant to {type.Name()}");
            }
        }
        return result;
    }

    /// <summary>An element of a floating tensor.</summary>
    public static float ToFloat(Tensor source, int index) => source.Type switch
    {
        ScalarType.Float => source.Span<float>()[index],
        ScalarType.Double => (float)source.Span<double>()[index],
        ScalarType.Half => (float)source.Span<Half>()[index],
        ScalarType.BFloat16 => source.Span<BFloat16>()[index],
        ScalarType.Long => source.Span<long>()[index],
        ScalarType.Int => source.Span<int>()[index],
        _ => throw new InvalidOperationException($"a constant of type {source.Type.Name()} is no float"),
    };
}
