using ExecuSharp.Core;
using static ExecuSharp.Tests.Unit.Operators.Decompositions.OperatorRun;

namespace ExecuSharp.Tests.Unit.Operators.Decompositions;

/// <summary>Fourier transforms against their sums, and resampling by sizes against the recorded form with a list of sizes.</summary>
public sealed class SignalTests
{
    private static readonly float[] Signal = [1, 2, -1, 0.5f, 3, -2, 0, 1.5f];

    [Fact]
    public void The_transform_of_a_real_signal()
    {
        var found = One("aten::view_as_real", One("aten::fft_rfft", Vector(Signal)));
        AssertNear([.. Enumerable.Range(0, 5).SelectMany(k => Coefficient(Signal, k))], found, 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Transforms_of_windows(bool center)
    {
        float[] window = [0.5f, 1, 1, 0.25f];
        float[] padded = center ? [Signal[2], Signal[1], .. Signal, Signal[6], Signal[5]] : Signal;
        var found = center
            ? One("aten::stft.center", Vector(Signal), 4, 2, 4, Vector(window), true, "reflect", false, true, false)
            : One("aten::stft", Vector(Signal), 4, 2, 4, Vector(window), false, true, false);
        int frames = 1 + ((padded.Length - 4) / 2);
        Assert.Equal<int>([3, frames, 2], found.Sizes.ToArray());
        AssertNear([.. Enumerable.Range(0, 3).SelectMany(k => Enumerable.Range(0, frames).SelectMany(f => Coefficient([.. window.Select((w, i) => w * padded[(2 * f) + i])], k)))], found, 1e-5);
    }

    [Theory]
    [InlineData("upsample_nearest1d", 1, null)]
    [InlineData("upsample_nearest2d", 2, null)]
    [InlineData("upsample_nearest3d", 3, null)]
    [InlineData("_upsample_nearest_exact1d", 1, null)]
    [InlineData("_upsample_nearest_exact2d", 2, null)]
    [InlineData("upsample_linear1d", 1, false)]
    [InlineData("upsample_bilinear2d", 2, true)]
    [InlineData("upsample_trilinear3d", 3, false)]
    [InlineData("upsample_bicubic2d", 2, false)]
    [InlineData("_upsample_bilinear2d_aa", 2, false)]
    [InlineData("_upsample_bicubic2d_aa", 2, true)]
    public void Resampling_by_sizes(string op, int dims, bool? align)
    {
        int[] sizes = [1, 2, 4, 3, 5];
        long[] target = [7, 2, 8];
        var x = Count(sizes[..(2 + dims)]);
        object?[] alignment = align is null ? [] : [align];
        var found = One("aten::" + op, [x, target[..dims], .. alignment]);
        var expected = One($"aten::{op}.vec", [x, target[..dims], .. alignment, null]);
        Assert.Equal<int>(expected.Sizes.ToArray(), found.Sizes.ToArray());
        AssertNear(Numbers(expected), found);
        if (op.Contains("nearest", StringComparison.Ordinal))
            Assert.Subset(Numbers(x).ToHashSet(), Numbers(found).ToHashSet());
        else
            Assert.All(Numbers(found), v => Assert.InRange(v, op.Contains("cubic", StringComparison.Ordinal) ? -30 : -1e-4, Numbers(x).Max() + 30));
    }

    private static double[] Coefficient(float[] x, int k)
    {
        double real = 0, imaginary = 0;
        for (int i = 0; i < x.Length; i++)
        {
            real += x[i] * Math.Cos(2 * Math.PI * k * i / x.Length);
            imaginary -= x[i] * Math.Sin(2 * Math.PI * k * i / x.Length);
        }
        return [real, imaginary];
    }
}
