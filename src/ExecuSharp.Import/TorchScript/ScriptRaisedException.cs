namespace ExecuSharp.Import.TorchScript;

/// <summary>The program raised an exception, as for a wrong input.</summary>
internal sealed class ScriptRaisedException(string message) : Exception(message);
