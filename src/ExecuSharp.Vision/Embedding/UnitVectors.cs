namespace ExecuSharp.Vision.Embedding;

/// <summary>Vectors of length 1, and the cosine between them.</summary>
public static class UnitVectors
{
    private const double SmallestLength = 1e-12;

    /// <summary>The vector divided by its length (at least 1e-12, as <c>F.normalize</c>).</summary>
    public static float[] Normalize(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (float v in vector)
            sum += (double)v * v;
        double length = Math.Max(Math.Sqrt(sum), SmallestLength);
        var result = new float[vector.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)(vector[i] / length);
        return result;
    }

    /// <summary>The mean of vectors of length 1, brought to length 1 again.</summary>
    /// <exception cref="ArgumentException">No vector, or vectors of several sizes.</exception>
    public static float[] Mean(IReadOnlyList<float[]> vectors)
    {
        if (vectors.Count == 0)
            throw new ArgumentException("the mean of no vectors");
        var sum = new double[vectors[0].Length];
        foreach (float[] vector in vectors)
        {
            if (vector.Length != sum.Length)
                throw new ArgumentException($"vectors of {sum.Length} and {vector.Length} elements");
            for (int i = 0; i < sum.Length; i++)
                sum[i] += vector[i];
        }
        return Normalize(Array.ConvertAll(sum, v => (float)(v / vectors.Count)));
    }

    /// <summary>The cosine between two vectors of length 1.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return (float)sum;
    }
}
