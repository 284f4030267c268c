using ExecuSharp.Kernels.Quantized;

namespace ExecuSharp.Tests.Unit.Kernels.Quantized;

/// <summary>8-bit products are exact with every set of instructions, those of other machines included.</summary>
public sealed unsafe class Int8GemmTests
{
    private const int Start = 1234;

    public static TheoryData<Int8Isa, int, int, int> Shapes()
    {
        var data = new TheoryData<Int8Isa, int, int, int>();
        foreach (var isa in Enum.GetValues<Int8Isa>())
            foreach (var (m, n, k) in new[] { (1, 1, 1), (3, 5, 7), (8, 32, 64), (9, 33, 13), (17, 70, 130), (2, 16, 4), (5, 1, 255) })
                data.Add(isa, m, n, k);
        return data;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sums_are_those_of_the_definition(Int8Isa isa, int m, int n, int k)
    {
        var random = new Random(k);
        var weights = Codes(random, n * k);
        var a = Codes(random, m * k);
        // The extremes meet.
        weights.AsSpan(0, Math.Min(2, weights.Length)).Fill(-128);
        a.AsSpan(0, Math.Min(2, a.Length)).Fill(-128);
        var packed = PackedInt8Matrix.Pack(isa, weights, k, n, k, 1);
        int zeroPoint = random.Next(-128, 128), columns = packed.Panels * packed.PanelWidth;
        var sums = Run(packed, a, m, k, zeroPoint, 0, 0);
        for (int r = 0; r < m; r++)
            for (int c = 0; c < n; c++)
            {
                int expected = Start;
                for (int i = 0; i < k; i++)
                    expected += (a[(r * k) + i] - zeroPoint) * weights[(c * k) + i];
                Assert.Equal(expected, sums[(r * columns) + c]);
            }
    }

    [Theory]
    [InlineData(Int8Isa.Scalar)]
    [InlineData(Int8Isa.Pairs128)]
    [InlineData(Int8Isa.Pairs256)]
    [InlineData(Int8Isa.Pairs512)]
    [InlineData(Int8Isa.Vnni256)]
    public void Groups_add_up_to_the_whole(Int8Isa isa)
    {
        const int M = 6, N = 21, K = 96, Group = 32;
        var random = new Random(5);
        var weights = Codes(random, N * K);
        var a = Codes(random, M * K);
        var whole = Run(PackedInt8Matrix.Pack(isa, weights, K, N, K, 1), a, M, K, 17, 0, 0);
        var packed = PackedInt8Matrix.Pack(isa, weights, K, N, K, 1, Group);
        var total = new int[whole.Length];
        for (int g = 0; g < packed.Groups; g++)
        {
            var part = Run(packed, a, M, K, 17, g, Group / 4);
            for (int i = 0; i < total.Length; i++)
                total[i] += part[i] - (g == 0 ? 0 : Start);
        }
        Assert.Equal(whole, total);
    }

    [Fact]
    public void Columns_may_be_stored_either_way()
    {
        const int N = 5, K = 9;
        var weights = Codes(new Random(3), N * K);
        var turned = new sbyte[N * K];
        for (int c = 0; c < N; c++)
            for (int i = 0; i < K; i++)
                turned[(i * N) + c] = weights[(c * K) + i];
        var a = Codes(new Random(4), K);
        Assert.Equal(
            Run(PackedInt8Matrix.Pack(Int8Isa.Pairs256, weights, K, N, K, 1), a, 1, K, 0, 0, 0),
            Run(PackedInt8Matrix.Pack(Int8Isa.Pairs256, turned, K, N, 1, N), a, 1, K, 0, 0, 0));
    }

    private static int[] Run(PackedInt8Matrix packed, sbyte[] a, int m, int k, int zeroPoint, int group, int groupBlocks)
    {
        int rowBytes = packed.Isa.RowBytes(k), columns = packed.Panels * packed.PanelWidth;
        var rows = new byte[m * rowBytes];
        var offsets = new int[m];
        Array.Fill(offsets, Int8Rows.Offset(packed.Isa, zeroPoint));
        var sums = new int[m * columns];
        var start = new int[columns];
        Array.Fill(start, Start);
        fixed (sbyte* source = a)
        fixed (byte* target = rows)
        fixed (int* o = offsets, c = sums, s = start)
        {
            for (int r = 0; r < m; r++)
                Int8Rows.Pack(packed.Isa, source + (r * k), k, zeroPoint, target + (r * rowBytes));
            Int8Gemm.Run(packed, group, groupBlocks, m, target, rowBytes, o, 0, packed.Panels, s, c, columns);
        }
        return sums;
    }

    private static sbyte[] Codes(Random random, int count)
    {
        var codes = new sbyte[count];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(codes.AsSpan()));
        return codes;
    }
}
