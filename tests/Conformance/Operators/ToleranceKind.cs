namespace ExecuSharp.Tests.Conformance.Operators;

/// <summary>How sharply an operator's results are compared.</summary>
public enum ToleranceKind
{
    /// <summary>Bit for bit in every type.</summary>
    Copy,
    /// <summary>Exact; one unit in the last place for 16-bit floats.</summary>
    Exact,
    /// <summary>4 ulp.</summary>
    Transcendental,
    /// <summary>gelu's rule.</summary>
    Gelu,
    /// <summary>logit's rule.</summary>
    Logit,
    /// <summary>64 ulp or 1e-6.</summary>
    Softmax,
    /// <summary>n eps times the sum of absolute values.</summary>
    Sum,
    /// <summary>2 n eps times the result.</summary>
    Product,
    /// <summary>2 n eps times the result; 30 % for 16-bit floats.</summary>
    Variance,
    /// <summary>k eps times the sum of the absolute values of k products.</summary>
    Products,
    /// <summary>k eps times the largest of k numbers.</summary>
    Transform,
    /// <summary>What else adds up: a few eps of the largest number.</summary>
    Accumulating,
}
