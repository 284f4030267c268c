using ExecuSharp.Core;

namespace ExecuSharp.Verification;

/// <summary>The result of one bundled test case.</summary>
/// <param name="File">File.</param>
/// <param name="Method">Method.</param>
/// <param name="Case">Number of the case in its suite.</param>
/// <param name="Status">Outcome.</param>
/// <param name="Code">The error, or Ok.</param>
/// <param name="Message">What went wrong, or null.</param>
/// <param name="Outputs">The outputs that were compared.</param>
public sealed record CaseResult(string File, string Method, int Case, CaseStatus Status, ErrorCode Code, string? Message, IReadOnlyList<OutputDifference> Outputs);
