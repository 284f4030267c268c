using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ExecuSharp.Kernels.Simd;

/// <summary>Which vector widths this machine has.</summary>
public static class SimdWidths
{
    /// <summary>
    /// The widest that the hardware accelerates. <see cref="Vector512.IsHardwareAccelerated"/> is a preference and false on processors that slow
    /// down under 512-bit load, where it is still the fastest (a matrix product by 1.6).
    /// </summary>
    public static SimdWidth Best =>
        Vector512.IsHardwareAccelerated || Avx512F.IsSupported ? SimdWidth.Bits512
        : Vector256.IsHardwareAccelerated ? SimdWidth.Bits256
        : Vector128.IsHardwareAccelerated ? SimdWidth.Bits128
        : SimdWidth.Scalar;

    /// <summary>The environment variable that forces a width: <c>scalar</c>, <c>128</c>, <c>256</c> or <c>512</c>.</summary>
    public const string Variable = "EXECUSHARP_VECTOR_WIDTH";

    /// <summary>The width that kernels use unless told otherwise: the one that <see cref="Variable"/> forces, else <see cref="Best"/>.</summary>
    /// <exception cref="ArgumentException">The variable is no width.</exception>
    public static SimdWidth Preferred => Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => Best,
        "scalar" => SimdWidth.Scalar,
        "128" => SimdWidth.Bits128,
        "256" => SimdWidth.Bits256,
        "512" => SimdWidth.Bits512,
        var other => throw new ArgumentException($"{Variable}: scalar, 128, 256 or 512 expected, \"{other}\" found"),
    };

    /// <summary>All widths up to <see cref="Best"/>, narrowest first.</summary>
    public static IReadOnlyList<SimdWidth> Available =>
        [.. new[] { SimdWidth.Scalar, SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512 }.Where(w => w <= Best)];
}
