using ExecuSharp.Kernels.Elements;
using ExecuSharp.Kernels.Simd;

namespace ExecuSharp.Tests.Unit.Kernels.Elements;

public sealed unsafe class QuantizationTests
{
    public static TheoryData<SimdWidth> Widths() => new(Enum.GetValues<SimdWidth>());

    [Theory]
    [MemberData(nameof(Widths))]
    public void Codes_are_rounded_half_to_even_then_moved_then_cut(SimdWidth width)
    {
        float[] x = [0.25f, 0.75f, -0.25f, -0.75f, 1e9f, -1e9f, float.NaN, 0, 0.5f, 63, -64, 1, 2, 3, 4, 5, 6, 7, 8, 0.249f];
        var codes = new sbyte[x.Length];
        var bytes = new byte[x.Length];
        fixed (float* source = x)
        fixed (sbyte* target = codes)
        fixed (byte* unsigned = bytes)
        {
            Quantization.Quantize(width, source, target, x.Length, 0.5f, 3);
            Quantization.Quantize(width, source, unsigned, x.Length, 0.5f, 131);
        }
        Assert.Equal([3, 5, 3, 1, 127, -128, 127, 3, 4, 127, -125, 5, 7, 9, 11, 13, 15, 17, 19, 3], codes.Select(c => (int)c));
        Assert.Equal([131, 133, 131, 129, 255, 0, 255, 131, 132, 255, 3, 133, 135, 137, 139, 141, 143, 145, 147, 131], bytes.Select(c => (int)c));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Every_code_comes_back(SimdWidth width)
    {
        sbyte[] codes = [.. Enumerable.Range(-128, 256).Select(i => (sbyte)i)];
        var values = new float[256];
        var again = new sbyte[256];
        fixed (sbyte* c = codes, a = again)
        fixed (float* v = values)
        {
            Quantization.Dequantize(width, c, v, 256, 0.0371f, -9);
            Quantization.Quantize(width, v, a, 256, 0.0371f, -9);
        }
        Assert.Equal(codes, again);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_row_uses_all_codes_and_has_zero_exactly(SimdWidth width)
    {
        var random = new Random(2);
        for (int round = 0; round < 50; round++)
        {
            float[] x = [.. Enumerable.Range(0, random.Next(1, 90)).Select(_ => (float)((random.NextDouble() * 6) - 2)), 0];
            var codes = new sbyte[x.Length];
            int zeroPoint;
            float scale;
            fixed (float* source = x)
            fixed (sbyte* target = codes)
                (zeroPoint, scale) = Quantization.QuantizeRow(width, source, target, x.Length);
            Assert.Equal(zeroPoint, codes[^1]);
            for (int i = 0; i < x.Length; i++)
                Assert.InRange((codes[i] - zeroPoint) * scale, x[i] - (0.51f * scale), x[i] + (1.01f * scale));
        }
    }

    [Fact]
    public void A_row_of_zeros_has_scale_one()
    {
        var x = new float[5];
        var codes = new sbyte[5];
        fixed (float* source = x)
        fixed (sbyte* target = codes)
            Assert.Equal(1f, Quantization.QuantizeRow(SimdWidth.Bits256, source, target, 5).Scale);
    }

    [Fact]
    public void All_halves_widen_as_in_the_runtime()
    {
        Half[] all = [.. Enumerable.Range(0, 65536).Select(i => BitConverter.UInt16BitsToHalf((ushort)i))];
        var floats = new float[all.Length];
        ElementConversions.ToSingle(all, floats);
        for (int i = 0; i < all.Length; i++)
            Assert.True(float.IsNaN(floats[i]) ? Half.IsNaN(all[i]) : BitConverter.SingleToInt32Bits(floats[i]) == BitConverter.SingleToInt32Bits((float)all[i]), $"{i:x}");
    }
}
