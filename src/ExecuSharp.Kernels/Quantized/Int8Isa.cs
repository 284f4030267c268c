namespace ExecuSharp.Kernels.Quantized;

/// <summary>The instructions that an 8-bit product uses. All give the same sums.</summary>
public enum Int8Isa
{
    /// <summary>One column at a time.</summary>
    Scalar,
    /// <summary>16-bit pairs in 128 bits.</summary>
    Pairs128,
    /// <summary>16-bit pairs in 256 bits.</summary>
    Pairs256,
    /// <summary>16-bit pairs in 512 bits.</summary>
    Pairs512,
    /// <summary>AVX-VNNI in 256 bits.</summary>
    Vnni256,
}
