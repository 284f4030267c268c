namespace ExecuSharp.Cli;

/// <summary>The command line is wrong in a way that the parser cannot see.</summary>
internal sealed class UsageException(string message) : Exception(message);
