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
}
