namespace ExecuSharp.Kernels.Simd;

/// <summary>The vector width that kernels use, in bits.</summary>
public enum SimdWidth
{
    /// <summary>One float at a time.</summary>
    Scalar = 32,
    /// <summary>Four floats.</summary>
    Bits128 = 128,
    /// <summary>Eight floats.</summary>
    Bits256 = 256,
    /// <summary>Sixteen floats.</summary>
    Bits512 = 512,
}
