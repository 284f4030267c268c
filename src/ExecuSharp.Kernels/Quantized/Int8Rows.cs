using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>Brings rows of 8-bit codes into the form that the product reads: 16-bit differences to the zero point, or unsigned bytes.</summary>
public static unsafe class Int8Rows
{
    /// <summary>Packs signed codes. The offset that belongs to the row is <see cref="Offset"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(Int8Isa isa, sbyte* codes, int count, int zeroPoint, byte* target)
    {
        int padded = (count + 3) / 4 * 4;
        if (isa.UsesBytes())
        {
            Flip(codes, count, target);
            new Span<byte>(target + count, padded - count).Clear();
            return;
        }
        var wide = (short*)target;
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var zero = Vector128.Create((short)zeroPoint);
            for (; i + 16 <= count; i += 16)
            {
                var bytes = Vector128.Load(codes + i);
                (Vector128.WidenLower(bytes) - zero).Store(wide + i);
                (Vector128.WidenUpper(bytes) - zero).Store(wide + i + 8);
            }
            if (i < count && count >= 16)
            {
                // The last vector overlaps the one before it.
                var bytes = Vector128.Load(codes + count - 16);
                (Vector128.WidenLower(bytes) - zero).Store(wide + count - 16);
                (Vector128.WidenUpper(bytes) - zero).Store(wide + count - 8);
                i = count;
            }
        }
        for (; i < count; i++)
            wide[i] = (short)(codes[i] - zeroPoint);
        for (; i < padded; i++)
            wide[i] = 0;
    }

    /// <summary>What the sums of columns are multiplied with and taken away for signed codes with a zero point.</summary>
    public static int Offset(Int8Isa isa, int zeroPoint) => isa.UsesBytes() ? zeroPoint + 128 : 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Flip(sbyte* codes, int count, byte* target)
    {
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
            for (; i + 16 <= count; i += 16)
                (Vector128.Load((byte*)codes + i) ^ Vector128.Create((byte)0x80)).Store(target + i);
        for (; i < count; i++)
            target[i] = (byte)(codes[i] ^ 0x80);
    }
}
