using System.Numerics;
using ExecuSharp.Kernels.Spectral;

namespace ExecuSharp.Tests.Unit.Kernels.Spectral;

public class FourierTransformTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(64)]
    [InlineData(97)]
    [InlineData(134)]
    [InlineData(400)]
    public void AgreesWithTheDefinitionAndBack(int size)
    {
        var random = new Random(size);
        Complex[] values = [.. Enumerable.Range(0, size).Select(_ => new Complex(random.NextDouble() - 0.5, random.NextDouble() - 0.5))];
        var result = (Complex[])values.Clone();
        var transform = new FourierTransform(size);
        transform.Forward(result);
        for (int k = 0; k < size; k++)
        {
            var sum = Complex.Zero;
            for (int n = 0; n < size; n++)
                sum += values[n] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)k * n % size) / size);
            Assert.True(Complex.Abs(sum - result[k]) < 1e-12 * Math.Max(size, 8), $"{size}: [{k}] is {result[k]}, {sum} expected");
        }
        transform.Backward(result);
        for (int n = 0; n < size; n++)
            Assert.True(Complex.Abs((result[n] / size) - values[n]) < 1e-13 * Math.Max(size, 8), $"{size}: back [{n}]");
    }
}
