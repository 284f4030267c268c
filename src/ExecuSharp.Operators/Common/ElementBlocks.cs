using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecuSharp.Core;
using ExecuSharp.Kernels.Elements;

namespace ExecuSharp.Operators.Common;

/// <summary>Moves runs of elements between tensors of any type and buffers of the type that a kernel computes in.</summary>
internal static class ElementBlocks
{
    /// <summary>
    /// Reads <c>target.Length</c> elements at <paramref name="offset"/>, <c>offset + stride</c>, … from a tensor's memory.
    /// </summary>
    public static void Load<T>(Tensor source, long offset, int stride, Span<T> target) where T : unmanaged =>
        Load(source.Type, source.Bytes, offset, stride, target);

    /// <summary>The same from bytes that hold elements of a type.</summary>
    public static void Load<T>(ScalarType type, ReadOnlySpan<byte> source, long offset, int stride, Span<T> target) where T : unmanaged
    {
        switch (type)
        {
            case ScalarType.Float: Load<float, T>(source, offset, stride, target); break;
            case ScalarType.Half: Load<Half, T>(source, offset, stride, target); break;
            case ScalarType.BFloat16: Load<BFloat16, T>(source, offset, stride, target); break;
            case ScalarType.Double: Load<double, T>(source, offset, stride, target); break;
            case ScalarType.Long: Load<long, T>(source, offset, stride, target); break;
            case ScalarType.Int: Load<int, T>(source, offset, stride, target); break;
            case ScalarType.Short: Load<short, T>(source, offset, stride, target); break;
            case ScalarType.Char: Load<sbyte, T>(source, offset, stride, target); break;
            case ScalarType.Byte: Load<byte, T>(source, offset, stride, target); break;
            case ScalarType.Bool: Load<bool, T>(source, offset, stride, target); break;
            case ScalarType.UInt16: Load<ushort, T>(source, offset, stride, target); break;
            case ScalarType.UInt32: Load<uint, T>(source, offset, stride, target); break;
            default: throw Unsupported(type);
        }
    }

    /// <summary>Writes consecutive elements from <paramref name="offset"/> on.</summary>
    public static void Store<T>(ReadOnlySpan<T> source, Tensor target, long offset) where T : unmanaged =>
        Store(source, target.Type, target.Bytes, offset);

    /// <summary>The same to bytes that hold elements of a type.</summary>
    public static void Store<T>(ReadOnlySpan<T> source, ScalarType type, Span<byte> target, long offset) where T : unmanaged
    {
        switch (type)
        {
            case ScalarType.Float: Store<T, float>(source, target, offset); break;
            case ScalarType.Half: Store<T, Half>(source, target, offset); break;
            case ScalarType.BFloat16: Store<T, BFloat16>(source, target, offset); break;
            case ScalarType.Double: Store<T, double>(source, target, offset); break;
            case ScalarType.Long: Store<T, long>(source, target, offset); break;
            case ScalarType.Int: Store<T, int>(source, target, offset); break;
            case ScalarType.Short: Store<T, short>(source, target, offset); break;
            case ScalarType.Char: Store<T, sbyte>(source, target, offset); break;
            case ScalarType.Byte: Store<T, byte>(source, target, offset); break;
            case ScalarType.Bool: Store<T, bool>(source, target, offset); break;
            case ScalarType.UInt16: Store<T, ushort>(source, target, offset); break;
            case ScalarType.UInt32: Store<T, uint>(source, target, offset); break;
            default: throw Unsupported(type);
        }
    }

    /// <summary>One element as <typeparamref name="T"/>.</summary>
    public static T Element<T>(Tensor source, long offset) where T : unmanaged
    {
        Span<T> one = stackalloc T[1];
        Load(source, offset, 1, one);
        return one[0];
    }

    /// <summary>A block of truth values as bytes of 0 and 1.</summary>
    public static Span<bool> AsBools(Span<byte> bytes) => MemoryMarshal.Cast<byte, bool>(bytes);

    private static void Load<TFrom, T>(ReadOnlySpan<byte> source, long offset, int stride, Span<T> target) where TFrom : unmanaged where T : unmanaged
    {
        var all = MemoryMarshal.Cast<byte, TFrom>(source);
        int start = (int)offset;
        if (stride == 0)
        {
            target.Fill(ElementCast.Cast<TFrom, T>(all[start]));
            return;
        }
        if (stride == 1)
        {
            var run = all.Slice(start, target.Length);
            if (typeof(TFrom) == typeof(T) && typeof(T) != typeof(bool))
            {
                MemoryMarshal.Cast<TFrom, T>(run).CopyTo(target);
                return;
            }
            if (typeof(TFrom) == typeof(Half) && typeof(T) == typeof(float))
                ElementConversions.ToSingle(MemoryMarshal.Cast<TFrom, Half>(run), MemoryMarshal.Cast<T, float>(target));
            else if (typeof(TFrom) == typeof(BFloat16) && typeof(T) == typeof(float))
                ElementConversions.ToSingle(MemoryMarshal.Cast<TFrom, BFloat16>(run), MemoryMarshal.Cast<T, float>(target));
            else if (typeof(TFrom) == typeof(float) && typeof(T) == typeof(Half))
                ElementConversions.ToHalf(MemoryMarshal.Cast<TFrom, float>(run), MemoryMarshal.Cast<T, Half>(target));
            else
                for (int i = 0; i < run.Length; i++)
                    target[i] = ElementCast.Cast<TFrom, T>(run[i]);
            return;
        }
        for (int i = 0; i < target.Length; i++)
            target[i] = ElementCast.Cast<TFrom, T>(all[start + (i * stride)]);
    }

    private static void Store<T, TTo>(ReadOnlySpan<T> source, Span<byte> target, long offset) where T : unmanaged where TTo : unmanaged
    {
        var run = MemoryMarshal.Cast<byte, TTo>(target).Slice((int)offset, source.Length);
        if (typeof(T) == typeof(TTo))
        {
            MemoryMarshal.Cast<T, TTo>(source).CopyTo(run);
            return;
        }
        if (typeof(T) == typeof(float) && typeof(TTo) == typeof(Half))
        {
            ElementConversions.ToHalf(MemoryMarshal.Cast<T, float>(source), MemoryMarshal.Cast<TTo, Half>(run));
            return;
        }
        for (int i = 0; i < run.Length; i++)
            run[i] = ElementCast.Cast<T, TTo>(source[i]);
    }

    private static ExecuTorchException Unsupported(ScalarType type) =>
        new(ErrorCode.InvalidArgument, $"no kernel for elements of type {type.Name()}");
}
