using ExecuSharp.Kernels.Elements;

namespace ExecuSharp.Tests.Unit.Kernels;

public class HalfConversionTests
{
    [Fact]
    public void EveryHalfAndItsNeighboursRoundAsTheFrameworkDoes()
    {
        var x = new List<float>();
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            float value = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            float middle = (value + (float)BitConverter.UInt16BitsToHalf((ushort)(bits ^ 1))) / 2;
            x.AddRange([value, middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle)]);
        }
        x.AddRange([65519.996f, 65520f, 65536f, 1e30f, -1e30f, 1e-30f, float.Epsilon, float.NegativeInfinity]);
        while (x.Count % 16 != 0)
            x.Add(0);
        var halves = new Half[x.Count];
        ElementConversions.ToHalf(x.ToArray(), halves);
        var floats = new float[x.Count];
        ElementConversions.ToSingle(halves, floats);
        for (int i = 0; i < halves.Length; i++)
        {
            Assert.True(Half.IsNaN(halves[i]) ? float.IsNaN(x[i]) : BitConverter.HalfToUInt16Bits((Half)x[i]) == BitConverter.HalfToUInt16Bits(halves[i]), $"{x[i]:R}");
            Assert.True(float.IsNaN(floats[i]) ? Half.IsNaN(halves[i]) : ((float)halves[i]).Equals(floats[i]), $"{halves[i]}");
        }
    }
}
