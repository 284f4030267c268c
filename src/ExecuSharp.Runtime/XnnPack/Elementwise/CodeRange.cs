using ExecuSharp.Kernels.Elements;

namespace ExecuSharp.Runtime.XnnPack.Elementwise;

/// <summary>Bounds of 8-bit codes.</summary>
internal static class CodeRange
{
    /// <summary>The codes of a range of numbers, within those of the type.</summary>
    public static (int Min, int Max) Of(XnnTensor output, float min, float max)
    {
        var (lowest, highest) = output.Type.Codes();
        float inverse = 1f / output.Scale;
        int low = min == float.NegativeInfinity ? lowest : (int)Quantization.Code(min * inverse, output.ZeroPoint, lowest, highest);
        int high = max == float.PositiveInfinity ? highest : (int)Quantization.Code(max * inverse, output.ZeroPoint, lowest, highest);
        return (low, high);
    }
}
