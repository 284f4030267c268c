using ExecuSharp.Kernels.Quantized;

namespace ExecuSharp.Runtime.XnnPack.Linear;

/// <summary>code = bounded(round((sums + bias) * scale) + zero point).</summary>
internal sealed unsafe class StaticProduct(PackedInt8Matrix weights, float[] scales, int[] bias, int zeroPoint, int min, int max) : CodeProduct(weights)
{
    private readonly float[] scales = Pinned<float>(scales, weights.N);
    private readonly int[] bias = Pinned<int>(bias, weights.Panels * weights.PanelWidth);

    public override void Run(XnnContext context, int part, int rows, byte* a, int* offsets, float* rowScales, int* sums, byte* target, nint stride)
    {
        var (panel, end, column, count) = Range(part);
        Int8Gemm.Run(Weights, 0, 0, rows, a, Weights.Isa.RowBytes(K), offsets, panel, end, Address(bias), sums, PartColumns);
        Int8Epilogue.Requantize(context.Width, sums, PartColumns, rows, count, Address(scales) + column, zeroPoint, min, max, (sbyte*)target + column, stride);
    }
}
