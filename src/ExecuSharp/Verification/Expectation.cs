using ExecuSharp.Core;

namespace ExecuSharp.Verification;

/// <summary>What lies beside a bundle about one of its methods: a recorded refusal, or a tolerance of its own.</summary>
public sealed record Expectation
{
    /// <summary>The recorded error, or Ok.</summary>
    public ErrorCode Status { get; init; } = ErrorCode.Ok;

    /// <summary>For a refusal: this many cases pass first.</summary>
    public int PassingCases { get; init; }

    /// <summary>Tolerance that replaces the default, or null.</summary>
    public Tolerance? Tolerance { get; init; }

    /// <summary>The official kernel may add up in the 16-bit type.</summary>
    public bool AccumulatesIn16Bits { get; init; }

    /// <summary>The recorded values mean nothing; the case must only run.</summary>
    public bool ValuesAreUndefined { get; init; }
}
