using ExecuSharp.Core;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Models.Checkpoints;

/// <summary>Float32 forms of stored weights, and the exact rewrites that models apply to them when they are built.</summary>
internal static class Weights
{
    /// <summary>The tensor as float32 in row-major order; float32 data is used where it lies.</summary>
    public static Tensor Float(StoredTensor stored)
    {
        var tensor = stored.ToTensor();
        if (tensor.Type == ScalarType.Float)
            return tensor;
        var result = Tensor.Empty(ScalarType.Float, tensor.Sizes);
        var target = result.Span<float>();
        switch (tensor.Type)
        {
            case ScalarType.Half:
                Convert(tensor.Span<Half>(), target, v => (float)v);
                break;
            case ScalarType.BFloat16:
                Convert(tensor.Span<BFloat16>(), target, v => (float)v);
                break;
            case ScalarType.Double:
                Convert(tensor.Span<double>(), target, v => (float)v);
                break;
            default:
                throw new ModelFormatException($"tensor '{stored.Storage.Key}'", "a float type", stored.Type.Name());
        }
        return result;
    }

    /// <summary>Rows <paramref name="start"/> to <paramref name="end"/> along the first dimension, over the same bytes.</summary>
    public static Tensor Rows(Tensor tensor, int start, int end)
    {
        int row = checked((int)(tensor.Numel / tensor.Sizes[0])) * tensor.Type.SizeOf();
        int[] sizes = [end - start, .. tensor.Sizes[1..]];
        return new Tensor(tensor.Type, sizes, tensor.Storage.Slice(start * row, (end - start) * row));
    }

    /// <summary>A matrix turned around.</summary>
    public static Tensor Transpose(Tensor matrix)
    {
        int rows = matrix.Sizes[0], columns = matrix.Sizes[1];
        var result = Tensor.Empty(ScalarType.Float, [columns, rows]);
        var from = matrix.Span<float>();
        var to = result.Span<float>();
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                to[(c * rows) + r] = from[(r * columns) + c];
        return result;
    }

    /// <summary>Every row (of a matrix) or element (of a vector) times its own factor.</summary>
    public static Tensor ScaleRows(Tensor tensor, ReadOnlySpan<float> factors)
    {
        var result = Tensor.Empty(ScalarType.Float, tensor.Sizes);
        var from = tensor.Span<float>();
        var to = result.Span<float>();
        int row = from.Length / factors.Length;
        for (int r = 0; r < factors.Length; r++)
            for (int c = 0; c < row; c++)
                to[(r * row) + c] = from[(r * row) + c] * factors[r];
        return result;
    }

    /// <summary>Everything times one factor.</summary>
    public static Tensor Scale(Tensor tensor, float factor)
    {
        var result = Tensor.Empty(ScalarType.Float, tensor.Sizes);
        var from = tensor.Span<float>();
        var to = result.Span<float>();
        for (int i = 0; i < to.Length; i++)
            to[i] = from[i] * factor;
        return result;
    }

    /// <summary>Rows in another order: row i of the result is row <paramref name="order"/>[i].</summary>
    public static Tensor TakeRows(Tensor tensor, ReadOnlySpan<int> order)
    {
        int[] sizes = [order.Length, .. tensor.Sizes[1..]];
        var result = Tensor.Empty(tensor.Type, sizes);
        int row = checked((int)(tensor.Numel / tensor.Sizes[0])) * tensor.Type.SizeOf();
        var from = tensor.Bytes;
        var to = result.Bytes;
        for (int i = 0; i < order.Length; i++)
            from.Slice(order[i] * row, row).CopyTo(to[(i * row)..]);
        return result;
    }

    /// <summary>Sum of two tensors of one shape.</summary>
    public static Tensor Sum(Tensor a, Tensor b)
    {
        var result = Tensor.Empty(ScalarType.Float, a.Sizes);
        var x = a.Span<float>();
        var y = b.Span<float>();
        var to = result.Span<float>();
        for (int i = 0; i < to.Length; i++)
            to[i] = x[i] + y[i];
        return result;
    }

    /// <summary>True if every element is zero.</summary>
    public static bool IsZero(Tensor tensor) => !tensor.Span<float>().ContainsAnyExcept(0f);

    /// <summary>The same elements as a tensor of other sizes.</summary>
    public static Tensor Reshape(Tensor tensor, params ReadOnlySpan<int> sizes) => tensor.ViewAs(sizes);

    private static void Convert<T>(ReadOnlySpan<T> from, Span<float> to, Func<T, float> convert)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] = convert(from[i]);
    }
}
