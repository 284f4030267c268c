using ExecuSharp.Conversion;
using ExecuSharp.Core;
using ExecuSharp.Runtime;

namespace ExecuSharp.Cli;

/// <summary>The tool's exit codes.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int CheckFailed = 1;
    public const int Usage = 2;
    public const int Unsupported = 3;
    public const int BadFile = 4;
    public const int Cancelled = 5;

    /// <summary>The exit code of an error; null for one that no user can cause.</summary>
    public static int? Of(Exception e) => e switch
    {
        OperationCanceledException => Cancelled,
        UsageException or ArgumentException => Usage,
        UnsupportedModelException or UnsupportedProgramException => Unsupported,
        ModelFormatException => BadFile,
        SimilarityException => CheckFailed,
        ExecuTorchException { Code: ErrorCode.OperatorMissing or ErrorCode.NotImplemented or ErrorCode.DelegateInvalidCompatibility } => Unsupported,
        ExecuTorchException => BadFile,
        IOException or UnauthorizedAccessException => BadFile,
        _ => null,
    };
}
