namespace ExecuSharp.Kernels;

/// <summary>How the right-hand matrix is stored.</summary>
internal enum GemmSource
{
    /// <summary>[k, n].</summary>
    Columns,
    /// <summary>[n, k].</summary>
    Rows,
    /// <summary>Panels.</summary>
    Packed,
}

/// <summary>A product with pinned operands.</summary>
internal readonly unsafe struct GemmJob(int m, int n, int k, float* a, int lda, float* b, int ldb, GemmSource source, int lengthB, float* c, int ldc, float* bias, in GemmEpilogue epilogue)
{
    public readonly int M = m;
    public readonly int N = n;
    public readonly int K = k;
    public readonly float* A = a;
    public readonly int Lda = lda;
    public readonly float* B = b;
    public readonly int Ldb = ldb;
    public readonly GemmSource Source = source;
    public readonly int LengthB = lengthB;
    public readonly float* C = c;
    public readonly int Ldc = ldc;
    public readonly float* Bias = bias;
    public readonly bool Accumulate = epilogue.Accumulate;
    public readonly bool Clamp = epilogue.Clamp;
    public readonly float Min = epilogue.Min;
    public readonly float Max = epilogue.Max;

    public ReadOnlySpan<float> SpanB => new(B, LengthB);
}
