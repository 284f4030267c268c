using ExecuSharp.Core;

namespace ExecuSharp.Import.TorchScript;

/// <summary>A step of the program that cannot be followed, with its place.</summary>
internal sealed class ScriptFailedException(string where, Exception inner) : Exception(inner.Message, inner)
{
    public string Where { get; } = where;

    /// <summary>True for what a step of a program may raise here: wrong arguments of operators, too deep nesting, or its own exception.</summary>
    public static bool CanLocate(Exception e) => e is InvalidOperationException or ScriptRaisedException or ArithmeticException or ArgumentException or IndexOutOfRangeException
        or InvalidCastException or KeyNotFoundException or InsufficientExecutionStackException or ExecuTorchException;
}
