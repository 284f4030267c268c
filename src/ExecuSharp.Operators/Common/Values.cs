using System.Buffers;
using ExecuSharp.Core;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Layout;

namespace ExecuSharp.Operators.Common;

/// <summary>
/// The elements of a tensor in contiguous order and in the type that a kernel computes in: the tensor's own memory where that is so already,
/// else a rented copy. A copy made for an output is written back by <see cref="Store"/>.
/// </summary>
internal ref struct Values<T> where T : unmanaged
{
    private readonly Tensor tensor;
    private T[]? rented;

    private Values(Tensor tensor, bool read, KernelContext context)
    {
        this.tensor = tensor;
        if (tensor.Type == Tensor.TypeOf<T>() && tensor.IsContiguousOrder)
        {
            Span = tensor.Span<T>();
            return;
        }
        rented = ArrayPool<T>.Shared.Rent((int)tensor.Numel);
        Span = rented.AsSpan(0, (int)tensor.Numel);
        if (!read)
            return;
        if (tensor.IsContiguousOrder)
        {
            ElementBlocks.Load(tensor, 0, 1, Span);
            return;
        }
        using var contiguous = new Scratch<byte>((int)tensor.ByteLength);
        LayoutCopy.ToContiguous(context, tensor, contiguous.Span);
        ElementBlocks.Load(tensor.Type, contiguous.Span, 0, 1, Span);
    }

    /// <summary>The elements.</summary>
    public Span<T> Span { get; }

    /// <summary>Elements to read.</summary>
    public static Values<T> Of(KernelContext context, Tensor tensor) => new(tensor, true, context);

    /// <summary>Room for the elements of an output; not initialised.</summary>
    public static Values<T> For(KernelContext context, Tensor output) => new(output, false, context);

    /// <summary>Writes an output's elements to the tensor, and gives up the copy.</summary>
    public void Store(KernelContext context)
    {
        if (rented is null)
            return;
        if (tensor.IsContiguousOrder)
        {
            ElementBlocks.Store<T>(Span, tensor, 0);
        }
        else
        {
            using var contiguous = new Scratch<byte>((int)tensor.ByteLength);
            ElementBlocks.Store<T>(Span, tensor.Type, contiguous.Span, 0);
            LayoutCopy.FromContiguous(context, contiguous.Span, tensor);
        }
        Release();
    }

    /// <summary>Gives up the copy.</summary>
    public void Release()
    {
        if (rented is null)
            return;
        ArrayPool<T>.Shared.Return(rented);
        rented = null;
    }
}
