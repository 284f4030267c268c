using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Layout;

namespace ExecuSharp.Runtime;

/// <summary>
/// Inputs and outputs as the tensor spans of .NET. They are indexed as the program's tensors are, whatever the dim order of either; a tensor of no
/// dimensions is a span with one element.
/// </summary>
/// <example><code>
/// var input = System.Numerics.Tensors.Tensor.Create&lt;float&gt;(pixels, [1, 3, 224, 224]);
/// method.SetInput(0, input.AsReadOnlyTensorSpan());
/// method.Execute();
/// ReadOnlyTensorSpan&lt;float&gt; scores = method.GetOutputTensor&lt;float&gt;(0);
/// float first = scores[0, 0];
/// </code></example>
public static class MethodTensorSpans
{
    /// <summary>Sets a tensor input from a copy of the elements.</summary>
    /// <param name="method">The method.</param>
    /// <param name="index">Position.</param>
    /// <param name="input">Element type and rank of the program's input; sizes equal, or within the bound of a dynamic one. Any strides.</param>
    /// <exception cref="ExecuTorchException">InvalidArgument: another type; NotSupported: another rank or size.</exception>
    /// <exception cref="ObjectDisposedException">The method was disposed.</exception>
    public static void SetInput<T>(this Method method, int index, in ReadOnlyTensorSpan<T> input) where T : unmanaged
    {
        Span<int> sizes = stackalloc int[input.Rank];
        for (int d = 0; d < sizes.Length; d++)
            sizes[d] = checked((int)input.Lengths[d]);
        var target = method.PrepareInput<T>(index, sizes is [1] && method.GetInput(index) is { Tag: Tag.Tensor } slot && slot.AsTensor().Rank == 0 ? [] : sizes);
        if (target.IsContiguousOrder)
        {
            input.FlattenTo(target.Span<T>());
            return;
        }
        int count = (int)target.Numel;
        T[] rented = ArrayPool<T>.Shared.Rent(count);
        input.FlattenTo(rented.AsSpan(0, count));
        Span<long> from = stackalloc long[target.Rank], to = stackalloc long[target.Rank];
        long stride = 1;
        for (int d = target.Rank - 1; d >= 0; d--)
        {
            from[d] = stride;
            to[d] = target.Strides[d];
            stride *= target.Sizes[d];
        }
        StridedCopy.Run(method.Context, MemoryMarshal.AsBytes(rented.AsSpan(0, count)), 0, from, target.Bytes, 0, to, target.Sizes, target.Type.SizeOf());
        ArrayPool<T>.Shared.Return(rented);
    }

    /// <summary>Sets a tensor input from a copy of the elements.</summary>
    /// <inheritdoc cref="SetInput{T}(Method, int, in ReadOnlyTensorSpan{T})"/>
    public static void SetInput<T>(this Method method, int index, in TensorSpan<T> input) where T : unmanaged => method.SetInput<T>(index, input.AsReadOnlyTensorSpan());

    /// <summary>An output; valid until the next execution, or until method or program are disposed.</summary>
    /// <param name="method">The method.</param>
    /// <param name="index">Position.</param>
    /// <returns>A view of the method's memory; its strides are those of the output's dim order.</returns>
    /// <exception cref="ExecuTorchException">InvalidArgument: no such output, no tensor, or another element type.</exception>
    /// <exception cref="ObjectDisposedException">The method was disposed.</exception>
    public static ReadOnlyTensorSpan<T> GetOutputTensor<T>(this Method method, int index) where T : unmanaged
    {
        var tensor = method.OutputTensor<T>(index);
        int rank = Math.Max(tensor.Rank, 1);
        // A tensor span wants stride 0 where the size is 1.
        Span<nint> sizes = stackalloc nint[rank], strides = stackalloc nint[rank];
        (sizes[0], strides[0]) = (1, 0);
        for (int d = 0; d < tensor.Rank; d++)
            (sizes[d], strides[d]) = (tensor.Sizes[d], tensor.Sizes[d] == 1 ? 0 : tensor.Strides[d]);
        return new ReadOnlyTensorSpan<T>(tensor.Span<T>(), sizes, strides);
    }
}
