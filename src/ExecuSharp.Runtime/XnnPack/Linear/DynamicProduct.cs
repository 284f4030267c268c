using ExecuSharp.Kernels.Quantized;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>y = sums * row scale * column scale + bias, in float32.</summary>
internal sealed unsafe class DynamicProduct(PackedInt8Matrix weights, float[] scales, float[] bias, float min, float max) : CodeProduct(weights)
{
    private readonly float[] scales = Pinned<float>(scales, weights.N);
    private readonly float[] bias = Pinned<float>(bias, weights.N);

    public override void Run(XnnContext context, int part, int rows, byte* a, int* offsets, float* rowScales, int* sums, byte* target, nint stride)
    {
        var (panel, end, column, count) = Range(part);
        Int8Gemm.Run(Weights, 0, 0, rows, a, Weights.Isa.RowBytes(K), offsets, panel, end, Zeros, sums, PartColumns);
        float* y = (float*)target + column;
        for (int r = 0; r < rows; r++)
            Int8Epilogue.Dequantize(context.Width, sums + (r * PartColumns), count, rowScales[r], Address(scales) + column, Address(bias) + column, min, max, y + (r * stride));
    }
}
