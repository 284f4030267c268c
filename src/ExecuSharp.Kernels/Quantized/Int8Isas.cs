using System.Runtime.Intrinsics.X86;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Kernels.Quantized;

/// <summary>Facts about <see cref="Int8Isa"/> values.</summary>
public static class Int8Isas
{
    /// <summary>The fastest for a vector width on this machine.</summary>
    public static Int8Isa For(SimdWidth width) => width switch
    {
        SimdWidth.Bits512 => AvxVnni.IsSupported ? Int8Isa.Vnni256 : Int8Isa.Pairs512,
        SimdWidth.Bits256 => AvxVnni.IsSupported ? Int8Isa.Vnni256 : Int8Isa.Pairs256,
        SimdWidth.Bits128 => Int8Isa.Pairs128,
        _ => Int8Isa.Scalar,
    };

    /// <summary>The fastest for a matrix of few columns: half vectors where whole ones would stay half empty.</summary>
    public static Int8Isa For(SimdWidth width, int columns) => For(width) is var isa && isa == Int8Isa.Pairs512 && columns <= 16 ? Int8Isa.Pairs256 : isa;

    /// <summary>True if activations are stored as unsigned bytes, false if as 16-bit numbers.</summary>
    public static bool UsesBytes(this Int8Isa isa) => isa == Int8Isa.Vnni256;

    /// <summary>Columns in a panel of weights.</summary>
    public static int PanelWidth(this Int8Isa isa) => isa switch
    {
        Int8Isa.Scalar => 2,
        Int8Isa.Pairs128 => 8,
        Int8Isa.Pairs512 => 32,
        _ => 16,
    };

    /// <summary>Bytes of a row of <paramref name="k"/> activations in the form that the product reads.</summary>
    public static int RowBytes(this Int8Isa isa, int k) => checked((k + 3) / 4 * (isa.UsesBytes() ? 4 : 8));
}
