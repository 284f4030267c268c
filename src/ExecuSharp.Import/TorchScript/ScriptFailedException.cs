namespace ExecuSharp.Import.TorchScript;

/// <summary>A step of the program that cannot be followed, with its place.</summary>
internal sealed class ScriptFailedException(string where, Exception inner) : Exception(inner.Message, inner)
{
    public string Where { get; } = where;
}
