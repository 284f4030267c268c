using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecuSharp.Imaging;

/// <summary>Stores eight pixels whose channels lie in 32-bit lanes.</summary>
internal static class RgbLanes
{
    /// <summary>Pixels of one <see cref="Store"/>.</summary>
    public const int Count = 8;

    /// <summary>Eight bytes as 32-bit lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(ReadOnlySpan<byte> source)
    {
        var bytes = Vector128.CreateScalarUnsafe(BitConverter.ToUInt64(source)).AsByte();
        var (low, high) = Vector128.Widen(Vector128.WidenLower(bytes));
        return Vector256.Create(low.AsInt32(), high.AsInt32());
    }

    /// <summary>Clips to bytes and writes 24 of them: R, G, B of each pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> red, Vector256<int> green, Vector256<int> blue, Span<byte> target)
    {
        var first = Vector128.Narrow(Clip(red), Clip(green));  // r0..r7, g0..g7
        var second = Vector128.Narrow(Clip(blue), Vector128<ushort>.Zero);
        // Indices above 15 give zero, so that the two shuffles can be joined.
        var start = Vector128.Shuffle(first, Vector128.Create((byte)0, 8, 255, 1, 9, 255, 2, 10, 255, 3, 11, 255, 4, 12, 255, 5))
            | Vector128.Shuffle(second, Vector128.Create((byte)255, 255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255));
        var end = Vector128.Shuffle(first, Vector128.Create((byte)13, 255, 6, 14, 255, 7, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(second, Vector128.Create((byte)255, 5, 255, 255, 6, 255, 255, 7, 255, 255, 255, 255, 255, 255, 255, 255));
        start.CopyTo(target);
        end.GetLower().CopyTo(target[16..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> Clip(Vector256<int> value)
    {
        var clipped = Vector256.Min(Vector256.Max(value, Vector256<int>.Zero), Vector256.Create(255)).AsUInt32();
        return Vector128.Narrow(clipped.GetLower(), clipped.GetUpper());
    }
}
