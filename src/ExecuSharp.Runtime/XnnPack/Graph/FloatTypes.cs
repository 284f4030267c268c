using ExecuSharp.Formats.XnnPack;

namespace ExecuSharp.Runtime.XnnPack.Graph;

/// <summary>Which float types meet in a product with constant weights.</summary>
internal static class FloatTypes
{
    /// <summary>True for the combinations that XNNPACK has.</summary>
    public static bool Fit(XnnTensor input, XnnTensor filter, XnnTensor? bias, XnnTensor output, bool allowBFloat16)
    {
        if (bias is not (null or { Type: XnnDatatype.Fp32 or XnnDatatype.Fp16 }))
            return false;
        return input.Type switch
        {
            XnnDatatype.Fp32 or XnnDatatype.Fp16 => output.Type == input.Type && filter.Type is (XnnDatatype.Fp32 or XnnDatatype.Fp16),
            XnnDatatype.BFloat16 => allowBFloat16 && filter.Type == XnnDatatype.BFloat16 && bias is (null or { Type: XnnDatatype.Fp32 })
                && output.Type is (XnnDatatype.BFloat16 or XnnDatatype.Fp32),
            _ => false,
        };
    }
}
