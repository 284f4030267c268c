namespace ExecuSharp.Verification;

/// <summary>What became of a test case.</summary>
public enum CaseStatus
{
    /// <summary>As expected, a recorded refusal included.</summary>
    Pass,
    /// <summary>An output differs.</summary>
    Differs,
    /// <summary>Loading or running failed.</summary>
    Error,
    /// <summary>An operator or backend is missing.</summary>
    Unsupported,
}
